using System;
using Haltpoint.Linux.Decoding;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>What can be asked about the code of a process; a forked child has the same until it maps something itself.</summary>
internal sealed class ProcessImage : IDisposable
{
    private const long RefreshInterval = 500_000_000;
    private const ulong LowestCode = 0x1000;
    private const ulong HighestCode = 1ul << 47;
    private const long Never = long.MinValue / 2;

    private long _lastRefresh = Never;

    public ProcessImage(int process, bool wantsReads)
    {
        Modules = new ProcessModules(process);
        Memory = new ProcessMemory(Modules);
        Locator = new CodeLocator(Modules);
        Decoder = new AccessDecoder(Memory, Locator, wantsReads);
        Unwinder = new StackUnwinder(Modules);
    }

    public ProcessModules Modules { get; }

    public ProcessMemory Memory { get; }

    public CodeLocator Locator { get; }

    public AccessDecoder Decoder { get; }

    public StackUnwinder Unwinder { get; }

    /// <summary>Names a place; when it has no name, looks whether there is more mapped or compiled by now, but not too often.</summary>
    public CodeFrame[] Locate(ulong address, long time)
    {
        CodeFrame[] frames = Locator.Locate(address);
        if (frames[0].Function is null && time - _lastRefresh > RefreshInterval)
        {
            _lastRefresh = time;
            Locator.Refresh();
            frames = Locator.Locate(address);
        }

        return frames;
    }

    /// <summary>Whether a word may be a return address: it points into code, or where nothing was mapped when the mappings were last read.</summary>
    public bool MayBeCode(ulong word) =>
        word - LowestCode < HighestCode - LowestCode && (!Modules.Map.TryFind(word, out Mapping mapping) || mapping.IsExecutable);

    /// <summary>Code was mapped: the next place without a name is worth a look.</summary>
    public void OnMapped(Mapping mapping)
    {
        Modules.Add(mapping);
        _lastRefresh = Never;
    }

    public void Dispose()
    {
        Unwinder.Dispose();
        Memory.Dispose();
        Modules.Dispose();
    }
}
