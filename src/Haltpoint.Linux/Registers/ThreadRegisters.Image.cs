using System;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Registers;

/// <summary>Registers as a client numbers them.</summary>
/// <remarks>What a client writes goes to the kernel at once: only then can a value that it refuses be reported to whoever sent it.</remarks>
public sealed unsafe partial class ThreadRegisters
{
    // Every thread of the machine has the same components.
    private static XsaveLayout? s_area;
    private static RegisterMap? s_map64;
    private static RegisterMap? s_map32;

    /// <summary>The map for a program of this kind. Only the first call of all reads from the thread.</summary>
    public RegisterMap MapFor(bool is64Bit)
    {
        if (s_area is null && !TryFetchExtended())
        {
            // Clients ask for a description while the threads of a process they attached to still run, and do not ask again.
            s_area = XsaveLayout.OfProcessor();
        }

        return is64Bit ? s_map64 ??= new RegisterMap(true, s_area!) : s_map32 ??= new RegisterMap(false, s_area!);
    }

    /// <returns>Bytes written, or 0 when the thread is gone.</returns>
    public int ReadImage(RegisterMap map, Span<byte> into)
    {
        if (!TryFetchGeneral() || !TryFetchExtended())
        {
            return 0;
        }

        map.ReadImage(_general, _extended.AsSpan(0, _extendedLength), into);
        return map.ImageLength;
    }

    /// <returns>0, or the raw error number.</returns>
    public int WriteImage(RegisterMap map, ReadOnlySpan<byte> image)
    {
        if (!TryFetchGeneral() || !TryFetchExtended())
        {
            return Errno.ESRCH;
        }

        if (image.Length < map.ImageLength)
        {
            return Errno.EINVAL;
        }

        map.WriteImage(image, _general, _extended.AsSpan(0, _extendedLength), out bool areaChanged);
        _changed |= areaChanged ? RegisterParts.General | RegisterParts.Extended : RegisterParts.General;
        return TryFlush() ? 0 : LastError;
    }

    /// <returns>Bytes written, or 0 when there is no such register or the thread is gone.</returns>
    public int ReadRegister(RegisterMap map, int number, Span<byte> into)
    {
        if (!map.TryGetPlace(number, out RegisterPlace place))
        {
            return 0;
        }

        switch (place.Set)
        {
            case RegisterSet.General:
                if (!TryRead(RegisterMap.UserRegisterOf(place), out ulong word))
                {
                    return 0;
                }

                new ReadOnlySpan<byte>(&word, place.Length).CopyTo(into);
                break;
            case RegisterSet.Control:
                if (!TryFetchExtended())
                {
                    return 0;
                }

                Span<byte> control = stackalloc byte[X87Control.Length];
                X87Control.FromLegacy(_extended, control);
                control.Slice(place.SetOffset, place.Length).CopyTo(into);
                break;
            default:
                if (!TryFetchExtended())
                {
                    return 0;
                }

                _extended.AsSpan(map.Locate(place).AreaOffset, place.Length).CopyTo(into);
                break;
        }

        return place.Length;
    }

    /// <returns>0, or the raw error number.</returns>
    public int WriteRegister(RegisterMap map, int number, ReadOnlySpan<byte> value)
    {
        if (!map.TryGetPlace(number, out RegisterPlace place) || value.Length < place.Length)
        {
            return Errno.EINVAL;
        }

        value = value[..place.Length];
        if (place.Set == RegisterSet.General)
        {
            UserRegister register = RegisterMap.UserRegisterOf(place);
            if (!TryWrite(register, RegisterMap.Widen(register, value)))
            {
                return Errno.ESRCH;
            }
        }
        else if (!TryChangeExtended(out Span<byte> area))
        {
            return Errno.ESRCH;
        }
        else if (place.Set == RegisterSet.Control)
        {
            Span<byte> control = stackalloc byte[X87Control.Length];
            X87Control.FromLegacy(area, control);
            value.CopyTo(control[place.SetOffset..]);
            X87Control.ToLegacy(control, area);
            XsaveLayout.MarkPresent(area, ExtendedFeatures.X87);
        }
        else
        {
            AreaCopy copy = map.Locate(place);
            value.CopyTo(area[copy.AreaOffset..]);
            XsaveLayout.MarkPresent(area, copy.Feature);
        }

        return TryFlush() ? 0 : LastError;
    }
}
