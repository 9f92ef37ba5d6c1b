using System.Threading;

namespace Haltpoint.Ring0.Debugging;

/// <summary>Where the debugger ran into its own breakpoints: in what the kernel shares with it. They stay out of memory until the next client (D-30).</summary>
internal static unsafe class InnerTraps
{
    private static int s_count;

    /// <summary>Called under the round-up's lock for re-entry.</summary>
    public static void Add(ulong address)
    {
        if (!Contains(address) && s_count < DebugStorage.MaxInnerTraps)
        {
            DebugStorage.At->InnerTraps[s_count] = address;
            Volatile.Write(ref s_count, s_count + 1);
        }
    }

    public static bool Contains(ulong address)
    {
        for (int i = 0; i < Volatile.Read(ref s_count); i++)
        {
            if (DebugStorage.At->InnerTraps[i] == address)
            {
                return true;
            }
        }

        return false;
    }

    public static void Clear() => Volatile.Write(ref s_count, 0);
}
