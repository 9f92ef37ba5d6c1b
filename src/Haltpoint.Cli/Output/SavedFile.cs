using System.IO;

namespace Haltpoint.Cli.Output;

/// <summary>The file of <c>--save</c>, which keeps what was in it until there is something to write.</summary>
internal static class SavedFile
{
    /// <summary>Throws away what was in it. A pipe or a device has no length, and none that can be set.</summary>
    public static void Empty(Stream file)
    {
        if (file is FileStream { CanSeek: true, Length: > 0 })
        {
            file.SetLength(0);
        }
    }
}
