using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>Error replies: a number for every client, words for those that show them.</summary>
internal static class ErrorReply
{
    /// <summary>Longest text a reply carries.</summary>
    public const int TextLength = 512;

    /// <summary>The errno a client sees, in Linux's numbers.</summary>
    public static int Number(TargetStatus status) => status switch
    {
        TargetStatus.BadAddress => 14,
        TargetStatus.BadArgument => 22,
        TargetStatus.NoSuchThread or TargetStatus.NoSuchProcess or TargetStatus.NotRunning => 3,
        TargetStatus.NotPermitted => 1,
        TargetStatus.AlreadyTraced or TargetStatus.Running => 16,
        TargetStatus.NoSlot => 28,
        TargetStatus.NoMemory => 12,
        TargetStatus.NotFound => 2,
        TargetStatus.InputOutput => 5,
        _ => 1,
    };

    public static ReadOnlySpan<byte> Text(TargetStatus status) => status switch
    {
        TargetStatus.BadAddress => "cannot access memory at this address"u8,
        TargetStatus.BadArgument => "malformed packet"u8,
        TargetStatus.NoSuchThread => "no such thread"u8,
        TargetStatus.NoSuchProcess => "no such process"u8,
        TargetStatus.NotPermitted => "not permitted"u8,
        TargetStatus.AlreadyTraced => "another debugger already traces this process"u8,
        TargetStatus.NoSlot => "no debug register is free"u8,
        TargetStatus.NoMemory => "too long for one packet"u8,
        TargetStatus.NotFound => "not found"u8,
        TargetStatus.NotRunning => "no program is being debugged"u8,
        TargetStatus.Running => "the target is running"u8,
        TargetStatus.InputOutput => "input or output failed"u8,
        _ => "refused"u8,
    };

    /// <summary><c>Enn</c>: understood by everyone.</summary>
    public static void WriteNumber(ref ReplyWriter reply, TargetStatus status)
    {
        reply.Byte((byte)'E');
        reply.HexByte(Number(status));
    }

    /// <summary><c>E.text</c>: gdb.</summary>
    public static void WriteText(ref ReplyWriter reply, scoped ReadOnlySpan<byte> text)
    {
        reply.Text("E."u8);
        for (int i = 0; i < text.Length; i++)
        {
            // Nothing undoes escapes here, and a path may have a '*'.
            reply.Byte(BinaryEscape.IsSpecial(text[i]) ? (byte)'?' : text[i]);
        }
    }

    /// <summary><c>Enn;text in hex</c>: lldb after <c>QEnableErrorStrings</c>.</summary>
    public static void WriteNumberAndText(ref ReplyWriter reply, TargetStatus status, scoped ReadOnlySpan<byte> text)
    {
        WriteNumber(ref reply, status);
        reply.Byte((byte)';');
        reply.HexBytes(text);
    }
}
