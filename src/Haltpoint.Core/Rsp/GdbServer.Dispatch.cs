using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// Which handler a packet goes to. Names are compared whole, so that qC is never taken for the beginning of qCRC.
internal unsafe partial struct GdbServer<TTarget>
{
    private Answer Letter(ref TTarget target, byte letter, ref PacketReader packet, ref ReplyWriter reply)
    {
        switch (letter)
        {
            case (byte)'g':
                ReadAllRegisters(ref target, ref packet, ref reply);
                break;
            case (byte)'G':
                WriteAllRegisters(ref target, ref packet, ref reply);
                break;
            case (byte)'p':
                ReadRegister(ref target, ref packet, ref reply);
                break;
            case (byte)'P':
                WriteRegister(ref target, ref packet, ref reply);
                break;
            case (byte)'m':
                ReadMemory(ref target, ref packet, ref reply);
                break;
            case (byte)'x':
                ReadMemoryBinary(ref target, ref packet, ref reply);
                break;
            case (byte)'M':
                WriteMemory(ref target, ref packet, ref reply);
                break;
            case (byte)'X':
                WriteMemoryBinary(ref target, ref packet, ref reply);
                break;
            case (byte)'Z':
                InsertBreakpoint(ref target, ref packet, ref reply);
                break;
            case (byte)'z':
                RemoveBreakpoint(ref target, ref packet, ref reply);
                break;
            case (byte)'H':
                SelectThread(ref target, ref packet, ref reply);
                break;
            case (byte)'T':
                AskWhetherAlive(ref target, ref packet, ref reply);
                break;
            case (byte)'?':
                return AskWhyStopped(ref target, ref reply);
            case (byte)'c' or (byte)'s' or (byte)'C' or (byte)'S':
                return ResumeOld(ref target, letter, ref packet, ref reply);
            case (byte)'D':
                Detach(ref target, ref packet, ref reply);
                break;
            case (byte)'k':
                return KillAll(ref target);
            case (byte)'!':
                Extend(ref target, ref reply);
                break;
            case (byte)'R':
                return Restart(ref target);
            case (byte)'A':
                Launch(ref target, ref packet, ref reply);
                break;
        }

        return Answer.Reply;
    }

    private Answer Query(ref TTarget target, scoped ReadOnlySpan<byte> name, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (name.SequenceEqual("qC"u8))
        {
            AskCurrentThread(ref target, ref reply);
        }
        else if (name.SequenceEqual("qSupported"u8))
        {
            Negotiate(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qfThreadInfo"u8))
        {
            ListFirstThreads(ref target, ref reply);
        }
        else if (name.SequenceEqual("qsThreadInfo"u8))
        {
            ListMoreThreads(ref target, ref reply);
        }
        else if (name.SequenceEqual("qThreadExtraInfo"u8))
        {
            DescribeThread(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qAttached"u8))
        {
            AskWhetherAttached(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qXfer"u8))
        {
            Transfer(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qRcmd"u8))
        {
            return RunMonitor(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qSearch"u8))
        {
            SearchMemory(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qCRC"u8))
        {
            SumMemory(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qGetTLSAddr"u8))
        {
            LocateThreadLocal(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qMemoryRegionInfo"u8))
        {
            DescribeRegion(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("qHostInfo"u8))
        {
            DescribePlatform(ref target, ThreadId.None, ref reply);
        }
        else if (name.SequenceEqual("qProcessInfo"u8))
        {
            DescribeProcess(ref target, ref reply);
        }
        else if (name.SequenceEqual("qShlibInfoAddr"u8))
        {
            LocateLinkerData(ref target, ref reply);
        }
        else if (name.SequenceEqual("qLaunchSuccess"u8))
        {
            AskWhetherLaunched(ref target, ref reply);
        }
        else if (name.SequenceEqual("qEcho"u8))
        {
            Echo(ref packet, ref reply);
        }
        else if (name.SequenceEqual("qSymbol"u8))
        {
            reply.Text("OK"u8);
        }

        return Answer.Reply;
    }

    private Answer Set(ref TTarget target, scoped ReadOnlySpan<byte> name, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (name.SequenceEqual("QStartNoAckMode"u8))
        {
            UsesAcks = false;
            reply.Text("OK"u8);
        }
        else if (name.SequenceEqual("QNonStop"u8))
        {
            SetNonStop(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("QThreadEvents"u8))
        {
            SetThreadEvents(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("QPassSignals"u8))
        {
            SetPassedSignals(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("QProgramSignals"u8))
        {
            SetProgramSignals(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("QCatchSyscalls"u8))
        {
            CatchSyscalls(ref target, ref packet, ref reply);
        }
        else if (TTarget.CanManageProcesses)
        {
            SetForLaunch(ref target, name, ref packet, ref reply);
        }

        return SetForLldb(name, ref reply);
    }

    private readonly void SetForLaunch(ref TTarget target, scoped ReadOnlySpan<byte> name, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (name.SequenceEqual("QStartupWithShell"u8))
        {
            SetStartupWithShell(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("QDisableRandomization"u8) || name.SequenceEqual("QSetDisableASLR"u8))
        {
            SetDisableRandomization(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("QEnvironmentHexEncoded"u8) || name.SequenceEqual("QEnvironmentUnset"u8))
        {
            SetEnvironment(ref target, ref packet, isHex: true, ref reply);
        }
        else if (name.SequenceEqual("QEnvironment"u8))
        {
            SetEnvironment(ref target, ref packet, isHex: false, ref reply);
        }
        else if (name.SequenceEqual("QEnvironmentReset"u8))
        {
            ResetEnvironment(ref target, ref reply);
        }
        else if (name.SequenceEqual("QSetWorkingDir"u8))
        {
            SetWorkingDirectory(ref target, ref packet, ref reply);
        }
    }

    private Answer Verb(ref TTarget target, scoped ReadOnlySpan<byte> name, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (name.SequenceEqual("vCont"u8))
        {
            return Resume(ref target, ref packet, ref reply);
        }

        if (name.SequenceEqual("vStopped"u8))
        {
            NextStop(ref target, ref reply);
        }
        else if (name.SequenceEqual("vCtrlC"u8))
        {
            InterruptNonStop(ref target, ref reply);
        }
        else if (name.SequenceEqual("vFile"u8))
        {
            DoFile(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("vKill"u8))
        {
            Kill(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("vAttach"u8))
        {
            return Attach(ref target, ref packet, ref reply);
        }
        else if (name.SequenceEqual("vRun"u8))
        {
            return Run(ref target, ref packet, ref reply);
        }

        return Answer.Reply;
    }
}
