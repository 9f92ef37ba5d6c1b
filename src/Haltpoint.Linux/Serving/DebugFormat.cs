using System;

namespace Haltpoint.Linux.Serving;

/// <summary>gdbserver's <c>debug-format</c>: what to add to each line of its log.</summary>
public static class DebugFormat
{
    public static bool TryParse(string text, out bool hasTime, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        hasTime = false;
        error = "";
        foreach (string option in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (option)
            {
                case "all":
                case "timestamp":
                    hasTime = true;
                    break;
                case "none":
                    hasTime = false;
                    break;
                default:
                    error = $"Unknown debug-format argument: \"{option}\"";
                    return false;
            }
        }

        return true;
    }
}
