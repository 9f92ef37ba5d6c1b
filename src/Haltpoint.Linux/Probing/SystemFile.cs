using System;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Probing;

/// <summary>Small files of /proc and /sys that need not exist or be readable.</summary>
internal static class SystemFile
{
    public static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static int? ReadNumber(string path) =>
        int.TryParse(ReadText(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
}
