using System;

namespace Haltpoint.Arch.X86;

/// <summary>Widths of the register types and what they are called in a target description (gdb manual, "Predefined Target Types", "i386 Features").</summary>
internal static class RegisterTypes
{
    public static int Bits(RegisterType type) => type switch
    {
        RegisterType.X87Extended => 80,
        RegisterType.Vector128 or RegisterType.Unsigned128 => 128,
        RegisterType.Unsigned128Pair => 256,
        RegisterType.Int64 or RegisterType.DataPointer64 or RegisterType.CodePointer64 or RegisterType.Number64 or RegisterType.Unsigned64 => 64,
        _ => 32,
    };

    public static ReadOnlySpan<byte> Name(RegisterType type) => type switch
    {
        RegisterType.Int32 => "int32"u8,
        RegisterType.Int64 => "int64"u8,
        RegisterType.DataPointer32 or RegisterType.DataPointer64 => "data_ptr"u8,
        RegisterType.CodePointer32 or RegisterType.CodePointer64 => "code_ptr"u8,
        RegisterType.Eflags => "i386_eflags"u8,
        RegisterType.X87Extended => "i387_ext"u8,
        RegisterType.Vector128 => "vec128"u8,
        RegisterType.Mxcsr => "i386_mxcsr"u8,
        RegisterType.Unsigned32 => "uint32"u8,
        RegisterType.Unsigned64 => "uint64"u8,
        RegisterType.Unsigned128 => "uint128"u8,
        RegisterType.Unsigned128Pair => "v2ui128"u8,
        _ => "int"u8,
    };

    /// <summary>The group a debugger would not guess from the type; empty for most.</summary>
    public static ReadOnlySpan<byte> Group(RegisterType type) => type switch
    {
        RegisterType.X87Control => "float"u8,
        RegisterType.Mxcsr => "vector"u8,
        _ => default,
    };
}
