using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Haltpoint.Linux.Symbols;
using Microsoft.Diagnostics.NETCore.Client;

namespace Haltpoint.Linux.Watching;

/// <summary>Makes a .NET process list the code it has compiled and compiles from now on, so that hits in it have names.</summary>
/// <remarks>Asked for over the runtime's diagnostics port, which every .NET process has open unless it was told not to.</remarks>
internal sealed class ManagedNames : IDisposable
{
    private const string RuntimeLibrary = "libcoreclr.so";

    // The runtime answers within milliseconds, unless the process is stopped.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly int _process;
    private readonly string _map;
    private readonly bool _mapWasThere;
    private bool _isOn;

    private ManagedNames(int process)
    {
        _process = process;
        _map = string.Create(CultureInfo.InvariantCulture, $"/tmp/perf-{process}.map");
        _mapWasThere = File.Exists(_map);
    }

    /// <summary>Why managed code will have no names; null when it will.</summary>
    public string? Problem { get; private set; }

    /// <summary>Switches it on, unless it is on already.</summary>
    /// <returns>What switches it off again and removes the list; null for a process that has no managed code.</returns>
    public static ManagedNames? SwitchOn(int process)
    {
        bool isManaged = false;
        foreach (Mapping mapping in MemoryMap.Read(process).Mappings)
        {
            isManaged |= Path.GetFileName(mapping.Path) == RuntimeLibrary;
        }

        if (!isManaged)
        {
            return null;
        }

        ManagedNames names = new(process);
        if (!names._mapWasThere)
        {
            names.Problem = names.Ask(c => c.EnablePerfMap(PerfMapType.PerfMap));
            names._isOn = names.Problem is null;
        }

        return names;
    }

    public void Dispose()
    {
        if (!_isOn)
        {
            return;
        }

        _isOn = false;
        _ = Ask(c => c.DisablePerfMap());
        try
        {
            File.Delete(_map);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In another root, or another user's: it stays, as after any perf session.
        }
    }

    private string? Ask(Action<DiagnosticsClient> request)
    {
        DiagnosticsClient client = new(_process);
        Task asked = Task.Run(() => request(client));
        try
        {
            return asked.Wait(s_patience) ? null : "the .NET runtime does not answer: its methods have no names";
        }
        catch (AggregateException e)
        {
            string reason = e.InnerException!.Message.Split('\n')[0];
            return $"the .NET runtime does not list its methods, so they have no names: {reason}";
        }
    }
}
