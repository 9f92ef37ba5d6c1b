using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Registers;

/// <summary>x87, SSE and what came after, as the XSAVE area that the kernel keeps per thread.</summary>
public sealed unsafe partial class ThreadRegisters
{
    private const ulong XsaveSet = 0x202; // NT_X86_XSTATE (elf.h)

    // The largest area this CPU can have; what the kernel uses of it is known after the first transfer.
    private static readonly int s_extendedCapacity = XsaveLayout.LargestArea();

    private byte[]? _extended;
    private int _extendedLength;

    /// <summary>The XSAVE area in standard format (512 bytes of FXSAVE only, where the kernel has no more); valid until the thread runs.</summary>
    public bool TryReadExtended(out ReadOnlySpan<byte> area)
    {
        bool fetched = TryFetchExtended();
        area = fetched ? _extended.AsSpan(0, _extendedLength) : default;
        return fetched;
    }

    /// <summary>The area to change in place: it goes to the kernel with the next flush, as a whole.</summary>
    public bool TryChangeExtended(out Span<byte> area)
    {
        if (!TryFetchExtended())
        {
            area = default;
            return false;
        }

        area = _extended.AsSpan(0, _extendedLength);
        _changed |= RegisterParts.Extended;
        return true;
    }

    [MemberNotNullWhen(true, nameof(_extended))]
    private bool TryFetchExtended()
    {
        if (Knows(RegisterParts.Extended))
        {
            return _extended is not null;
        }

        _extended ??= GC.AllocateUninitializedArray<byte>(s_extendedCapacity, pinned: true);
        fixed (byte* start = _extended)
        {
            IoVector vector = new() { Start = start, Length = (nuint)_extended.Length };
            if (Libc.Ptrace(PtraceRequest.GetRegisterSet, _thread, XsaveSet, &vector) == 0)
            {
                _extendedLength = (int)vector.Length;
            }
            else if (Marshal.GetLastPInvokeError() != Errno.ESRCH
                && Libc.Ptrace(PtraceRequest.GetFloatingRegisters, _thread, 0, start) == 0)
            {
                // A CPU or kernel without XSAVE.
                _extendedLength = XsaveLayout.LegacyLength;
            }
            else
            {
                return false;
            }
        }

        s_area ??= XsaveLayout.Of(_extended.AsSpan(0, _extendedLength));
        s_area.FillInitial(_extended.AsSpan(0, _extendedLength));
        _known |= RegisterParts.Extended;
        return true;
    }

    private bool TryFlushExtended()
    {
        fixed (byte* start = _extended)
        {
            if (_extendedLength == XsaveLayout.LegacyLength)
            {
                return Succeeded(Libc.Ptrace(PtraceRequest.SetFloatingRegisters, _thread, 0, start));
            }

            IoVector vector = new() { Start = start, Length = (nuint)_extendedLength };
            return Succeeded(Libc.Ptrace(PtraceRequest.SetRegisterSet, _thread, XsaveSet, &vector));
        }
    }
}
