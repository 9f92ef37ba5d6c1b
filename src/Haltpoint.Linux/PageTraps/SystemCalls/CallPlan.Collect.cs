using System;
using System.Buffers.Binary;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

// What the call will touch.
internal sealed partial class CallPlan
{
    private const int TextStep = 256;

    private CallArea[] _areas = new CallArea[8];
    private int _areaCount;
    private bool _touchesRange;

    private CallAction Collect(SystemCall call, Argument[] arguments, ArmedRanges armed)
    {
        _touchesRange = false;
        _imageLength = 0;
        Kept = default;
        if (call.Class == SystemCallClass.SignalReturn)
        {
            AddSignalFrame(armed);
        }

        for (int i = 0; i < arguments.Length; i++)
        {
            ulong address = _request.Arguments[i];
            if (address != 0 || arguments[i].Kind == ArgumentKind.Range)
            {
                Add(arguments, i, address, armed);
            }
        }

        bool any = _touchesRange;
        for (int i = 0; i < _areaCount; i++)
        {
            any |= _areas[i].IsArmed;
        }

        if (!any)
        {
            _areaCount = 0;
            return CallAction.None;
        }

        return Kept.Length != 0 ? CallAction.Release : _touchesRange ? CallAction.Open : CallAction.Translate;
    }

    private void Add(Argument[] arguments, int index, ulong address, ArmedRanges armed)
    {
        ref readonly Argument argument = ref arguments[index];
        switch (argument.Kind)
        {
            case ArgumentKind.Value:
                break;
            case ArgumentKind.Flat:
                AddFlat(argument, index, address, armed);
                break;
            case ArgumentKind.Range:
                _touchesRange |= armed.Touch(address, argument.Length.Most(_request.Arguments));
                break;
            case ArgumentKind.Kept:
                AddKept(address, argument.Length.Size, armed);
                break;
            default:
                AddStructure(argument, index, address, armed);
                break;
        }
    }

    private void AddFlat(in Argument argument, int index, ulong address, ArmedRanges armed)
    {
        if (!armed.Touch(address, argument.Length.Most(_request.Arguments)))
        {
            return;
        }

        CallArea area = new()
        {
            Address = address,
            Length = LengthOf(argument.Length, address),
            Direction = argument.Direction,
            Transfer = argument.Transfer,
            Parts = argument.Parts,
            Unit = argument.Length.Rule == LengthRule.Argument ? argument.Length.Size : 1,
            Extra = argument.Length.Extra,
            Parent = -1,
            Offset = index,
            CountOffset = argument.Length.Operand,
            TextMost = argument.Length.Rule == LengthRule.Text ? argument.Length.Size : 0,
        };
        if (argument.Length.Rule == LengthRule.Word)
        {
            area.LengthAddress = _request.Arguments[argument.Length.Operand];
        }

        AddIfArmed(area, armed);
    }

    private void AddKept(ulong address, ulong length, ArmedRanges armed)
    {
        if (armed.Touch(address, length))
        {
            Kept = new CallAccess(address, length, IsWrite: true);
            _touchesRange = true;
        }
    }

    private void AddIfArmed(CallArea area, ArmedRanges armed)
    {
        if (area.Length != 0 && armed.Touch(area.Address, area.Length))
        {
            AddArea(area, armed);
        }
    }

    private int AddArea(CallArea area, ArmedRanges armed)
    {
        area.IsArmed = area.Length != 0 && armed.Touch(area.Address, area.Length);
        area.IsCrossing = area.IsArmed
            && (!armed.Hold(area.Address, area.Length, out ulong delta)
                || (_request.Abi == CallAbi.Ia32 && area.Address + delta > uint.MaxValue));
        area.Given = area.Address;
        area.Image = -1;
        if (_areaCount == _areas.Length)
        {
            Array.Resize(ref _areas, _areas.Length * 2);
        }

        _areas[_areaCount] = area;
        return _areaCount++;
    }

    private ulong LengthOf(ArgumentLength length, ulong address) => length.Rule switch
    {
        LengthRule.Word => Math.Min(length.Size, ReadWord(_request.Arguments[length.Operand])),
        LengthRule.Field => Math.Min(length.Size, ReadWord(address + length.Operand) + (ulong)length.Extra),
        LengthRule.Text => TextLength(address, length.Size),
        _ => length.Most(_request.Arguments),
    };

    private uint ReadWord(ulong address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return memory.Read(address, bytes) == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
    }

    private ulong ReadLong(ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        return memory.Read(address, bytes) == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
    }

    /// <returns>With the zero byte, or up to where there is no memory.</returns>
    private ulong TextLength(ulong address, ulong most)
    {
        Span<byte> bytes = stackalloc byte[TextStep];
        ulong length = 0;
        while (length < most)
        {
            int count = memory.Read(address + length, bytes);
            int zero = bytes[..count].IndexOf((byte)0);
            if (zero >= 0)
            {
                return Math.Min(most, length + (ulong)zero + 1);
            }

            length += (ulong)count;
            if (count < bytes.Length)
            {
                break;
            }
        }

        return Math.Min(most, length);
    }
}
