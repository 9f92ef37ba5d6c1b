using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Haltpoint.Linux.Procfs;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Tracing;

/// <summary>What threads are called, looked up anew now and then, since they rename themselves.</summary>
internal sealed class RecentNames
{
    private const long Recent = 100_000_000;

    private readonly Dictionary<int, (string Name, long Time)> _names = [];

    public string Of(ThreadId thread, long time)
    {
        if (_names.TryGetValue(thread.Thread, out (string Name, long Time) known) && time - known.Time < Recent)
        {
            return known.Name;
        }

        System.Span<byte> bytes = stackalloc byte[64];
        int length = ProcFile.Read(thread.Process, string.Create(CultureInfo.InvariantCulture, $"task/{thread.Thread}/comm"), bytes);
        string name = length > 0 ? Encoding.UTF8.GetString(bytes[..length]).TrimEnd('\n') : known.Name ?? "?";
        _names[thread.Thread] = (name, time);
        return name;
    }
}
