using System;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>The facts of one hit of a watchpoint of the server.</summary>
/// <param name="tracee">The thread that is stopped for it.</param>
/// <param name="hits">Hits of the watchpoint, this one included.</param>
/// <param name="instruction">An address inside the instruction that made the access.</param>
/// <param name="old">The bytes that were hit as they were before; the values are known when they are 8 at most.</param>
/// <param name="now">The same bytes now.</param>
internal readonly ref struct WatchedAccess(Tracee tracee, long hits, ulong instruction, ReadOnlySpan<byte> old, ReadOnlySpan<byte> now) : IHitFacts
{
    private const int LongestName = 16;

    private readonly ReadOnlySpan<byte> _old = old;
    private readonly ReadOnlySpan<byte> _now = now;

    public int Length => _now.Length;

    public int Thread => tracee.Thread;

    public long Hits => hits;

    public bool TryGetValue(out ulong value) => TryGet(_now, out value);

    public bool TryGetOldValue(out ulong value) => TryGet(_old, out value);

    public bool IsThreadNamed(string name)
    {
        Span<byte> bytes = stackalloc byte[LongestName];
        Span<char> text = stackalloc char[LongestName];
        return name.AsSpan().SequenceEqual(text[..ReadName(bytes, text)]);
    }

    public bool IsInFunction(string name) => Location.Name == name;

    /// <summary>Where the access was made.</summary>
    public Symbols.CodeFrame Location => tracee.Process.Locate(instruction)[0];

    public string ThreadName
    {
        get
        {
            Span<byte> bytes = stackalloc byte[LongestName];
            Span<char> text = stackalloc char[LongestName];
            return new string(text[..ReadName(bytes, text)]);
        }
    }

    private int ReadName(Span<byte> bytes, Span<char> text)
    {
        ReadOnlySpan<byte> name = bytes[..ProcFile.ReadOfThread(tracee.Process.Id, tracee.Thread, "comm", bytes)].TrimEnd((byte)'\n');
        return System.Text.Encoding.UTF8.GetChars(name, text);
    }

    private static bool TryGet(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = bytes.Length - 1; i >= 0 && bytes.Length <= sizeof(ulong); i--)
        {
            value = (value << 8) | bytes[i];
        }

        return bytes.Length is > 0 and <= sizeof(ulong);
    }
}
