using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>One process of a watch: its code, its memory, and what the watched bytes hold in it.</summary>
internal sealed class WatchedProcess : IDisposable
{
    private readonly bool _wantsReads;
    private bool _ownsImage;

    public WatchedProcess(int id, IReadOnlyList<WatchPiece> pieces, bool wantsReads)
    {
        Id = id;
        _wantsReads = wantsReads;
        _ownsImage = true;
        Image = new ProcessImage(id, wantsReads);
        Memory = Image.Memory;
        Values = new ValueTracker[pieces.Count];
        for (int i = 0; i < pieces.Count; i++)
        {
            Values[i] = new ValueTracker(pieces[i].Address, pieces[i].Length);
        }
    }

    private WatchedProcess(WatchedProcess parent, int id)
    {
        Id = id;
        _wantsReads = parent._wantsReads;
        Image = parent.Image;
        Memory = new ProcessMemory(parent.Image.Modules, id);
        bool isShared = parent.Image.Modules.Map.TryFind(parent.Values[0].Start, out Mapping mapping) && mapping.IsShared;
        Values = isShared ? parent.Values : Array.ConvertAll(parent.Values, v => v.Clone());
    }

    public int Id { get; }

    public ProcessImage Image { get; private set; }

    public ProcessMemory Memory { get; }

    /// <summary>One for each piece.</summary>
    public ValueTracker[] Values { get; }

    /// <summary>A child that begins as a copy.</summary>
    public WatchedProcess Fork(int child) => new(this, child);

    /// <summary>It mapped code: from now on a child's image is its own.</summary>
    public void OnMapped(Mapping mapping)
    {
        if (_ownsImage)
        {
            Image.OnMapped(mapping);
            return;
        }

        ProcessImage own = new(Id, _wantsReads);
        if (own.Modules.Map.Mappings.Count == 0)
        {
            own.Dispose(); // It has ended: its parent's is as near as one can come.
            return;
        }

        Image = own;
        _ownsImage = true;
    }

    public void Dispose()
    {
        if (_ownsImage)
        {
            Image.Dispose();
        }

        Memory.Dispose();
    }
}
