using System;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>Says a stop event in the protocol's words (gdb manual, "Stop Reply Packets").</summary>
internal static unsafe class StopReply
{
    private const int PathLength = 4096;
    private const int WidestRegister = 64;

    public static void Write<TTarget>(ref TTarget target, in StopEvent stop, ClientFeatures client, ref ReplyWriter reply)
        where TTarget : struct, ITarget<TTarget>
    {
        bool multiprocess = (client & ClientFeatures.Multiprocess) != 0;
        switch (stop.Kind)
        {
            case StopKind.ProcessExited:
                WriteEnd('W', stop.Code, stop.Thread.Process, multiprocess, ref reply);
                return;

            case StopKind.ProcessKilled:
                WriteEnd('X', GdbSignal.FromLinux(stop.Signal), stop.Thread.Process, multiprocess, ref reply);
                return;

            case StopKind.ThreadExited:
                reply.Byte((byte)'w');
                reply.HexByte(stop.Code);
                reply.Byte((byte)';');
                reply.Thread(stop.Thread, multiprocess);
                return;

            case StopKind.NoResumed:
                reply.Byte((byte)'N');
                return;
        }

        if (TTarget.IsPacketDisabled(ref target, "T"u8))
        {
            reply.Byte((byte)'S');
            reply.HexByte(Signal(stop));
            return;
        }

        reply.Byte((byte)'T');
        reply.HexByte(Signal(stop));
        WriteCause(ref target, stop, client, multiprocess, ref reply);
        WriteRegisters(ref target, stop.Thread, ref reply);
        if (!TTarget.IsPacketDisabled(ref target, "Tthread"u8))
        {
            reply.Text("thread:"u8);
            reply.Thread(stop.Thread, multiprocess);
            reply.Byte((byte)';');
        }

        if ((client & ClientFeatures.ThreadsInStopReply) != 0)
        {
            WriteThreads(ref target, multiprocess, ref reply);
        }

        int cpu = TTarget.LastCpu(ref target, stop.Thread);
        if (cpu >= 0)
        {
            reply.Text("core:"u8);
            reply.Hex((uint)cpu);
            reply.Byte((byte)';');
        }
    }

    private static int Signal(in StopEvent stop) => stop.Kind == StopKind.Signal ? GdbSignal.FromLinux(stop.Signal) : GdbSignal.Trap;

    private static void WriteEnd(char letter, int code, int process, bool multiprocess, ref ReplyWriter reply)
    {
        reply.Byte((byte)letter);
        reply.HexByte(code);
        if (multiprocess)
        {
            reply.Text(";process:"u8);
            reply.Hex((uint)process);
        }
    }

    private static void WriteCause<TTarget>(ref TTarget target, in StopEvent stop, ClientFeatures client, bool multiprocess, ref ReplyWriter reply)
        where TTarget : struct, ITarget<TTarget>
    {
        switch (stop.Kind)
        {
            case StopKind.Signal:
                WriteReason(stop, client, ref reply);
                break;
            case StopKind.Forked:
                WriteChild("fork:"u8, stop.Child, multiprocess, ref reply);
                break;
            case StopKind.Vforked:
                WriteChild("vfork:"u8, stop.Child, multiprocess, ref reply);
                break;
            case StopKind.Cloned:
                WriteChild("clone:"u8, stop.Child, multiprocess, ref reply);
                break;
            case StopKind.VforkDone:
                reply.Text("vforkdone:;"u8);
                break;
            case StopKind.Executed:
                byte* path = stackalloc byte[PathLength];
                int length = TTarget.ReadExecPath(ref target, stop.Thread, new Span<byte>(path, PathLength));
                reply.Text("exec:"u8);
                reply.HexBytes(new ReadOnlySpan<byte>(path, length));
                reply.Byte((byte)';');
                break;
            case StopKind.SyscallEntry:
                WriteSyscall("syscall_entry:"u8, stop.Code, ref reply);
                break;
            case StopKind.SyscallReturn:
                WriteSyscall("syscall_return:"u8, stop.Code, ref reply);
                break;
            case StopKind.ThreadCreated:
                reply.Text("create:;"u8);
                break;
            case StopKind.LibrariesChanged:
                reply.Text("library:;"u8);
                break;
        }
    }

    private static void WriteReason(in StopEvent stop, ClientFeatures client, ref ReplyWriter reply)
    {
        switch (stop.Reason)
        {
            // A client that didn't ask for these would not expect the program counter to be corrected already.
            case StopReason.SoftwareBreakpoint when (client & ClientFeatures.SoftwareBreak) != 0:
                reply.Text("swbreak:;"u8);
                break;
            case StopReason.HardwareBreakpoint when (client & ClientFeatures.HardwareBreak) != 0:
                reply.Text("hwbreak:;"u8);
                break;
            case StopReason.WriteWatchpoint:
                WriteWatch("watch:"u8, stop.Address, ref reply);
                break;
            case StopReason.ReadWatchpoint:
                WriteWatch("rwatch:"u8, stop.Address, ref reply);
                break;
            case StopReason.AccessWatchpoint:
                WriteWatch("awatch:"u8, stop.Address, ref reply);
                break;
        }
    }

    private static void WriteWatch(ReadOnlySpan<byte> key, ulong address, ref ReplyWriter reply)
    {
        reply.Text(key);
        reply.Hex(address);
        reply.Byte((byte)';');
    }

    private static void WriteChild(ReadOnlySpan<byte> key, ThreadId child, bool multiprocess, ref ReplyWriter reply)
    {
        reply.Text(key);
        reply.Thread(child, multiprocess);
        reply.Byte((byte)';');
    }

    private static void WriteSyscall(ReadOnlySpan<byte> key, int number, ref ReplyWriter reply)
    {
        reply.Text(key);
        reply.Hex((uint)number);
        reply.Byte((byte)';');
    }

    private static void WriteThreads<TTarget>(ref TTarget target, bool multiprocess, ref ReplyWriter reply)
        where TTarget : struct, ITarget<TTarget>
    {
        ReadOnlySpan<byte> separator = "threads:"u8;
        ThreadId thread = ThreadId.None;
        while (TTarget.TryNextThread(ref target, ref thread))
        {
            reply.Text(separator);
            reply.Thread(thread, multiprocess);
            separator = ","u8;
        }

        reply.Byte((byte)';');
    }

    private static void WriteRegisters<TTarget>(ref TTarget target, ThreadId thread, ref ReplyWriter reply)
        where TTarget : struct, ITarget<TTarget>
    {
        byte* value = stackalloc byte[WidestRegister];
        ReadOnlySpan<byte> numbers = TTarget.ExpeditedRegisters(ref target, thread);
        for (int i = 0; i < numbers.Length; i++)
        {
            int length = TTarget.ReadRegister(ref target, thread, numbers[i], new Span<byte>(value, WidestRegister));
            if (length > 0)
            {
                reply.HexByte(numbers[i]);
                reply.Byte((byte)':');
                reply.HexBytes(new ReadOnlySpan<byte>(value, length));
                reply.Byte((byte)';');
            }
        }
    }
}
