using System;

namespace Haltpoint.Targets;

/// <summary>What a client asks before it has read a program, or when it has none: lldb.</summary>
public interface IPlatform<TSelf>
    where TSelf : struct
{
    /// <summary>LLVM's name for the platform of a process, of the machine for process 0; empty when there is nothing to say.</summary>
    static virtual ReadOnlySpan<byte> Triple(ref TSelf self, int process) => default;

    /// <summary>Bytes of an address there.</summary>
    static virtual int AddressLength(ref TSelf self, int process) => 8;

    /// <summary>Where the address of the dynamic linker's <c>r_debug</c> is kept; 0 when it is not known.</summary>
    static virtual ulong LinkerDataLocation(ref TSelf self, ThreadId thread) => 0;
}
