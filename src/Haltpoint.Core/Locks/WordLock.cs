using System.Threading;

namespace Haltpoint.Locks;

/// <summary>A lock in a word of the caller's memory, 0 when free; the same in a process and at ring 0.</summary>
/// <remarks>
/// For sections of a few hundred instructions that call nothing that waits. Not re-entrant: whoever may run on top of a holder,
/// as a debugger in an exception does, must use <see cref="TryEnter"/>.
/// </remarks>
public static class WordLock
{
    private const int SpinsBeforeYield = 64;

    public static bool TryEnter(ref int word) => Interlocked.CompareExchange(ref word, 1, 0) == 0;

    public static void Enter(ref int word)
    {
        for (int spins = 0; !TryEnter(ref word); spins++)
        {
            // Reading keeps the cache line shared until the word changes. The holder may be off its CPU: let it on.
            while (Volatile.Read(ref word) != 0)
            {
                if (++spins % SpinsBeforeYield == 0)
                {
                    Thread.Yield();
                }
            }
        }
    }

    public static void Exit(ref int word) => Volatile.Write(ref word, 0);
}
