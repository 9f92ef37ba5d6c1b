using System;
using System.IO;
using System.IO.Enumeration;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Tracing;

/// <summary>Which mappings <c>--map</c> means: a path, a file name, what /proc/PID/maps calls them, each also with * and ?.</summary>
internal sealed class MappingPattern
{
    /// <summary>Stands for memory that has no name.</summary>
    public const string Anonymous = "[anon]";

    private readonly string _resolved;

    public MappingPattern(string text)
    {
        Text = text;
        _resolved = Escape(Resolve(text));
    }

    public string Text { get; }

    /// <summary>What a person calls a mapping.</summary>
    public static string NameOf(Mapping mapping) => mapping.Path.Length == 0 ? Anonymous : mapping.Path;

    public bool Matches(Mapping mapping)
    {
        string name = NameOf(mapping);
        return MatchesName(Text, name) || (_resolved.Length > 0 && MatchesName(_resolved, name));
    }

    // With a slash it means the whole path, otherwise the last part of it.
    private static bool MatchesName(string pattern, string name)
    {
        ReadOnlySpan<char> compared = pattern.Contains('/', StringComparison.Ordinal) || name.StartsWith('[') ? name : Path.GetFileName(name.AsSpan());
        return FileSystemName.MatchesSimpleExpression(pattern, compared, ignoreCase: false);
    }

    // The kernel lists a device of /sys/bus/pci under the path that the links there lead to.
    private static string Resolve(string text)
    {
        if (!text.StartsWith('/') || !File.Exists(text))
        {
            return "";
        }

        string path = text;
        try
        {
            // Each part may be a link; only the last is followed by the framework.
            string resolved = "/";
            foreach (string part in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                string next = Path.Combine(resolved, part);
                resolved = (Directory.Exists(next) ? Directory.ResolveLinkTarget(next, true) : File.ResolveLinkTarget(next, true))?.FullName ?? next;
            }

            path = resolved;
        }
        catch (IOException)
        {
            // A link that leads nowhere is what it is.
        }

        return path;
    }

    private static string Escape(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);
}
