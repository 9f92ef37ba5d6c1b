using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Decoding;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>Turns records into hits: which instruction, what it wrote, where it is in the source, and who called it.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class HitResolver : IDisposable
{
    private readonly WatchPlan _plan;
    private readonly bool _wantsStacks;
    private readonly HashSet<int> _lateThreads;
    private readonly RecordOrder _order = new();
    private readonly HitQueue _queue = new();
    private readonly ThreadNames _names = new();
    private readonly Dictionary<int, WatchedProcess> _processes = [];
    private readonly Dictionary<int, LastSample> _lastSamples = [];
    private readonly HashSet<int> _ended = [];
    private readonly StackCache _stacks;
    private readonly Lazy<KernelSymbols> _kernel = new(KernelSymbols.Read);
    private readonly RecordOrder.Consumer _consume;

    public HitResolver(WatchPlan plan, bool wantsStacks, HashSet<int> lateThreads)
    {
        _plan = plan;
        _wantsStacks = wantsStacks;
        _lateThreads = lateThreads;
        _stacks = new StackCache(_kernel);
        _consume = OnRecord;
    }

    /// <summary>Hits given out so far.</summary>
    public long Hits { get; private set; }

    /// <summary>Samples that told of a hit for the second time, because a thread had its own events and inherited ones.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Whether the kernel told that this process ended; it does not when it became another program first.</summary>
    public bool HasEnded(int process) => _ended.Contains(process);

    /// <summary>A process that is there from the beginning.</summary>
    public WatchedProcess AddProcess(int id)
    {
        WatchedProcess process = new(id, _plan.Pieces, (_plan.Access & AccessKind.Read) != 0);
        _processes.Add(id, process);
        List<int> threads = [];
        TaskList.Read(id, threads);
        foreach (int thread in threads)
        {
            _ = _names.Of(id, thread);
        }

        return process;
    }

    /// <summary>Takes a batch, adds the hits that are complete to <paramref name="hits"/>, and passes on the batches that are used up.</summary>
    public void Resolve(RingBatch batch, List<WatchHit> hits, Action<RingBatch> finished)
    {
        _order.Add(batch);
        Take(batch.Since, hits);
        while (_order.TryTakeFinished(out RingBatch used))
        {
            finished(used);
        }
    }

    /// <summary>Adds the hits that were held back; nothing comes after this.</summary>
    public void Flush(List<WatchHit> hits, Action<RingBatch> finished)
    {
        Take(long.MaxValue, hits);
        while (_order.TryTakeFinished(out RingBatch used))
        {
            finished(used);
        }
    }

    public void Dispose()
    {
        foreach (WatchedProcess process in _processes.Values)
        {
            process.Dispose();
        }

        _processes.Clear();
    }

    private void Take(long time, List<WatchHit> hits)
    {
        int before = hits.Count;
        _order.Take(time, _consume);
        _queue.TakeReady(time, hits);
        Hits += hits.Count - before;
    }

    private void OnRecord(PerfRecords record, bool hasRival)
    {
        ReadOnlySpan<byte> body = record.Body;
        switch (record.Type)
        {
            case PerfRecordType.Sample:
                OnSample(new PerfSample(body, record.Misc, _plan.Fields), hasRival);
                break;
            case PerfRecordType.Lost:
                foreach (WatchedProcess process in _processes.Values)
                {
                    Array.ForEach(process.Values, v => v.Forget());
                }

                break;
            case PerfRecordType.Comm: // pid, tid, name
                _names.OnNamed(MemoryMarshal.Read<int>(body[4..]), Text(body[8..]));
                break;
            case PerfRecordType.Fork: // pid, parent's pid, tid, parent's tid
                OnFork(MemoryMarshal.Read<int>(body), MemoryMarshal.Read<int>(body[4..]), MemoryMarshal.Read<int>(body[8..]), MemoryMarshal.Read<int>(body[12..]));
                break;
            case PerfRecordType.Exit: // pid, parent's pid, tid, parent's tid
                if (MemoryMarshal.Read<int>(body) == MemoryMarshal.Read<int>(body[8..]))
                {
                    _ended.Add(MemoryMarshal.Read<int>(body));
                }

                break;
            case PerfRecordType.Mmap2: // pid, tid, address, length, offset, device, inode, its generation, protection, flags, path
                if (_processes.TryGetValue(MemoryMarshal.Read<int>(body), out WatchedProcess? mapper))
                {
                    mapper.OnMapped(MappingOf(body));
                }

                break;
        }
    }

    private static Mapping MappingOf(ReadOnlySpan<byte> body)
    {
        ulong start = MemoryMarshal.Read<ulong>(body[8..]);
        ulong length = MemoryMarshal.Read<ulong>(body[16..]);
        ulong offset = MemoryMarshal.Read<ulong>(body[24..]);
        ulong inode = MemoryMarshal.Read<ulong>(body[40..]);
        return new Mapping(start, start + length, offset, true, false, true, false, "", inode, Text(body[64..]));
    }

    private void OnFork(int process, int parent, int thread, int creator)
    {
        _names.OnStarted(parent, thread, creator);
        if (process != parent && !_processes.ContainsKey(process) && _processes.TryGetValue(parent, out WatchedProcess? from))
        {
            _processes.Add(process, from.Fork(process));
        }
    }

    private void OnSample(in PerfSample sample, bool hasRival)
    {
        if (IsDuplicate(sample))
        {
            Duplicates++;
            return;
        }

        int piece = PieceAt(sample.Address);
        if (piece < 0)
        {
            return;
        }

        if (!_plan.IncludeUser)
        {
            AddKernelHit(sample, piece);
            return;
        }

        if (!_processes.TryGetValue(sample.ProcessId, out WatchedProcess? process))
        {
            // Its start was told in a record that was lost, or that another CPU's clock puts later.
            process = new WatchedProcess(sample.ProcessId, _plan.Pieces, (_plan.Access & AccessKind.Read) != 0);
            _processes.Add(sample.ProcessId, process);
        }

        bool hasRegisters = sample.TryGetUserRegisters(out PerfRegisters registers);
        if (sample.IsKernel)
        {
            AddKernelWrite(sample, piece, process, registers);
        }
        else if (_plan.Access == AccessKind.Execute || !hasRegisters)
        {
            _queue.Add(Hit(sample, piece, _plan.Access, sample.InstructionPointer, process, registers, default));
        }
        else
        {
            AddDataHit(sample, piece, process, registers, hasRival);
        }
    }

    private void AddDataHit(in PerfSample sample, int piece, WatchedProcess process, in PerfRegisters registers, bool hasRival)
    {
        WatchPiece watched = _plan.Pieces[piece];
        bool found = process.Image.Decoder.TryDecode(registers, sample.Is32Bit, watched.Address, watched.Length, sample.Stack, out DecodedAccess access);
        AccessKind kind = !found ? _plan.Access : access.Recipe.Writes ? AccessKind.Write : AccessKind.Read;
        ValueChange change = process.Values[piece].Apply(
            found ? access : null, registers, sample.Time, sample.ThreadId, hasRival, process.Memory);
        // Behind an unknown instruction lies the next one, which may be another line: one byte less is still inside it.
        ulong address = found ? access.InstructionPointer : sample.InstructionPointer - 1;
        _queue.Add(Hit(sample, piece, kind, address, process, registers, change));
    }

    private WatchHit Hit(
        in PerfSample sample, int piece, AccessKind access, ulong address, WatchedProcess process, in PerfRegisters registers, ValueChange change)
    {
        CodeFrame[] place = process.Image.Locate(address, sample.Time);
        return new WatchHit
        {
            Time = sample.Time,
            Cpu = sample.Cpu,
            ProcessId = sample.ProcessId,
            ThreadId = sample.ThreadId,
            ThreadName = _names.Of(sample.ProcessId, sample.ThreadId),
            Access = access,
            Address = _plan.Pieces[piece].Address,
            Length = _plan.Pieces[piece].Length,
            Value = change.Value,
            OldValue = change.Old,
            IsExact = change.IsExact,
            InstructionPointer = address,
            Location = place[0],
            Count = 1,
            Stack = _wantsStacks ? _stacks.OfUser(process.Image, sample, registers, address) : [],
        };
    }

    private void AddKernelWrite(in PerfSample sample, int piece, WatchedProcess process, in PerfRegisters registers)
    {
        ValueChange change = process.Values[piece].Apply(null, registers, sample.Time, sample.ThreadId, hasRival: false, process.Memory);
        CodeFrame[] callers = _stacks.OfUser(process.Image, sample, registers, registers[PerfRegister.Ip]);
        WatchHit hit = Hit(sample, piece, AccessKind.Write, registers[PerfRegister.Ip], process, registers, change) with
        {
            IsKernel = true,
            Access = _plan.Access == AccessKind.Write ? AccessKind.Write : AccessKind.ReadWrite,
            Location = CallerNames.Nearest(callers),
            Stack = _wantsStacks ? _stacks.WithKernel(sample, callers) : [],
        };

        if (sample.TryGetInterruptedRegisters(out PerfRegisters inKernel))
        {
            _queue.AddCopy(hit, KernelCopy.At(inKernel));
        }
        else
        {
            _queue.Add(hit);
        }
    }

    private void AddKernelHit(in PerfSample sample, int piece) => _queue.Add(new WatchHit
    {
        Time = sample.Time,
        Cpu = sample.Cpu,
        ProcessId = sample.ProcessId,
        ThreadId = sample.ThreadId,
        ThreadName = _names.Of(sample.ProcessId, sample.ThreadId),
        Access = _plan.Access,
        Address = _plan.Pieces[piece].Address,
        Length = _plan.Pieces[piece].Length,
        InstructionPointer = sample.InstructionPointer,
        // A data watchpoint reports behind the instruction; one byte less is inside it.
        Location = _kernel.Value.Locate(_plan.Access == AccessKind.Execute ? sample.InstructionPointer : sample.InstructionPointer - 1),
        IsKernel = true,
        Count = 1,
        Stack = _wantsStacks ? _stacks.WithKernel(sample, []) : [],
    });

    private bool IsDuplicate(in PerfSample sample)
    {
        if (!_lateThreads.Contains(sample.ThreadId))
        {
            return false;
        }

        LastSample current = new(sample.Address, sample.InstructionPointer, sample.Id);
        _lastSamples.TryGetValue(sample.ThreadId, out LastSample last);
        bool isDuplicate = last.Address == current.Address && last.InstructionPointer == current.InstructionPointer && last.Id != current.Id && last.Id != 0;
        // A pair is used up: the next hit may be of the same instruction again.
        _lastSamples[sample.ThreadId] = isDuplicate ? default : current;
        return isDuplicate;
    }

    private int PieceAt(ulong address)
    {
        for (int i = 0; i < _plan.Pieces.Length; i++)
        {
            if (_plan.Pieces[i].Address == address)
            {
                return i;
            }
        }

        return -1;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private readonly record struct LastSample(ulong Address, ulong InstructionPointer, ulong Id);
}
