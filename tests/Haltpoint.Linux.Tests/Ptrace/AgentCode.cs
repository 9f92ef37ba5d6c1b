using System;
using System.Buffers.Binary;

namespace Haltpoint.Linux.Tests.Ptrace;

/// <summary>Breakpoint conditions as a client sends them: bytecode of the gdb manual, "Bytecode Descriptions", behind its length.</summary>
internal static class AgentCode
{
    private const byte Const8 = 0x22;
    private const byte Const32 = 0x24;
    private const byte Const64 = 0x25;
    private const byte Ref64 = 0x1A;
    private const byte Equal = 0x13;
    private const byte End = 0x27;

    public static byte[] False => Framed([Const8, 0, End]);

    public static byte[] True => Framed([Const8, 1, End]);

    /// <summary>Whether the word at an address has a value.</summary>
    public static byte[] WordIs(ulong address, uint value)
    {
        byte[] code = [Const64, 0, 0, 0, 0, 0, 0, 0, 0, Ref64, Const32, 0, 0, 0, 0, Equal, End];
        BinaryPrimitives.WriteUInt64BigEndian(code.AsSpan(1), address);
        BinaryPrimitives.WriteUInt32BigEndian(code.AsSpan(11), value);
        return Framed(code);
    }

    private static byte[] Framed(byte[] code)
    {
        byte[] framed = new byte[sizeof(int) + code.Length];
        BinaryPrimitives.WriteInt32LittleEndian(framed, code.Length);
        code.CopyTo(framed, sizeof(int));
        return framed;
    }
}
