using Haltpoint.Arch.X86;

namespace Haltpoint.Ring0.Gate;

/// <summary>Debug registers that take every write.</summary>
public struct GateBank : IDebugRegisterBank
{
    private DebugRegisterImage _held;

    public readonly DebugRegisterImage Held => _held;

    public bool TryWrite(int register, ulong value)
    {
        if (register == IDebugRegisterBank.Control)
        {
            _held.Control = new DebugControl(value);
        }
        else
        {
            _held.SetAddress(register, value);
        }

        return true;
    }
}
