namespace Haltpoint.Linux.Registers;

/// <summary>The requests that move registers (sys/ptrace.h).</summary>
internal static class PtraceRequest
{
    public const long PeekUser = 3;
    public const long PokeUser = 6;
    public const long GetRegisters = 12;
    public const long SetRegisters = 13;
    public const long GetFloatingRegisters = 14;
    public const long SetFloatingRegisters = 15;
    public const long GetRegisterSet = 0x4204;
    public const long SetRegisterSet = 0x4205;
}
