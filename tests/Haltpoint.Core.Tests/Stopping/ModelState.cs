using System;
using System.Runtime.InteropServices;
using Haltpoint.Stopping;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>All of a model machine, in one piece of memory that the explorer copies, hashes and comes back to.</summary>
internal readonly unsafe struct ModelState : IDisposable
{
    private readonly byte* _memory;
    private readonly int _length;
    private readonly RoundupCpu* _records;
    private readonly ModelCpu* _cpus;
    private readonly Rest* _rest;

    public ModelState(int cpus)
    {
        int roundup = Roundup<ModelTarget>.BytesFor(cpus);
        _length = roundup + (((cpus * sizeof(ModelCpu)) + sizeof(Rest) + 7) & ~7);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)_length, 64);
        Bytes.Clear();
        _records = (RoundupCpu*)(_memory + sizeof(RoundupState));
        _rest = (Rest*)(_memory + roundup);
        _cpus = (ModelCpu*)(_rest + 1);
    }

    public Span<byte> Bytes => new(_memory, _length);

    public void* Roundup => _memory;

    public ref RoundupState All => ref *(RoundupState*)_memory;

    public ref Budget Left => ref _rest->Left;

    /// <summary>Generation of the desired set of debug registers.</summary>
    public ref int Desired => ref _rest->Desired;

    /// <summary>Breakpoints inside the debugger that were removed and not told.</summary>
    public ref int RemovedUntold => ref _rest->RemovedUntold;

    /// <summary>The debugger found nothing more to tell at this stop.</summary>
    public ref bool IsAllTold => ref _rest->IsAllTold;

    public ref bool IsBreakInAsked => ref _rest->IsBreakInAsked;

    /// <summary>A breakpoint is on code that the debugger uses itself.</summary>
    public ref bool IsTrapInside => ref _rest->IsTrapInside;

    public ref RoundupCpu Record(int cpu) => ref _records[cpu];

    public ref ModelCpu Cpu(int cpu) => ref _cpus[cpu];

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private struct Rest
    {
        public Budget Left;
        public int Desired;
        public int RemovedUntold;
        public bool IsAllTold;
        public bool IsBreakInAsked;
        public bool IsTrapInside;
    }
}
