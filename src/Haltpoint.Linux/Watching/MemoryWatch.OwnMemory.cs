using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

public sealed unsafe partial class MemoryWatch
{
    /// <summary>Watches a variable of this program itself.</summary>
    /// <param name="location">It must not move while it is watched: a local variable, a field of a pinned object, or memory the garbage collector does not manage.</param>
    /// <param name="options">How; null for all writes.</param>
    /// <exception cref="WatchException">It cannot be had; the message says why.</exception>
    public static MemoryWatch OnOwnMemory<T>(ref T location, WatchOptions? options = null)
        where T : unmanaged =>
        OnOwnMemory(Unsafe.AsPointer(ref location), sizeof(T), options);

    /// <summary>Watches a part of this program's own memory.</summary>
    /// <param name="memory">It must not move while it is watched: stack memory, part of a pinned array, or native memory.</param>
    /// <param name="options">How; null for all writes.</param>
    /// <exception cref="WatchException">It cannot be had; the message says why.</exception>
    public static MemoryWatch OnOwnMemory<T>(ReadOnlySpan<T> memory, WatchOptions? options = null)
        where T : unmanaged =>
        OnOwnMemory(Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory)), memory.Length * sizeof(T), options);

    /// <inheritdoc cref="OnOwnMemory{T}(ReadOnlySpan{T}, WatchOptions?)"/>
    public static MemoryWatch OnOwnMemory<T>(Span<T> memory, WatchOptions? options = null)
        where T : unmanaged =>
        OnOwnMemory((ReadOnlySpan<T>)memory, options);

    /// <summary>Watches bytes of this program's own memory.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="length">How many; 32 at most, and fewer when they are not aligned to 8.</param>
    /// <param name="options">How; null for all writes.</param>
    /// <exception cref="WatchException">It cannot be had; the message says why.</exception>
    public static MemoryWatch OnOwnMemory(void* address, int length, WatchOptions? options = null)
    {
        options = (options ?? new WatchOptions()) with { Length = length };
        using ProcessModules modules = new(Environment.ProcessId);
        return Arm(modules, WatchLocation.Find(modules, $"0x{(ulong)address:x}", options), options, isStopped: false);
    }
}
