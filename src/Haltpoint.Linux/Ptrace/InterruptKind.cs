namespace Haltpoint.Linux.Ptrace;

/// <summary>On whose behalf a thread was interrupted, and so what its quiet stop means.</summary>
internal enum InterruptKind : byte
{
    /// <summary>On ours: nobody hears of it.</summary>
    None,

    /// <summary>Ctrl-C: the stop is reported as SIGINT.</summary>
    Client,

    /// <summary>A stop of one thread in non-stop mode: reported with signal 0.</summary>
    Quiet,
}
