using System;

namespace Haltpoint.Fuzz;

/// <summary>Checks that what the server sends is acknowledgements and whole packets with the right sums.</summary>
internal sealed class FrameChecker
{
    private enum State
    {
        Between,
        Payload,
        FirstDigit,
        SecondDigit,
    }

    private State _state;
    private int _sum;
    private int _given;

    public void Check(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            switch (_state)
            {
                case State.Between when value is (byte)'$' or (byte)'%':
                    _state = State.Payload;
                    _sum = 0;
                    break;
                case State.Between when value is (byte)'+' or (byte)'-':
                    break;
                case State.Payload when value == '#':
                    _state = State.FirstDigit;
                    break;
                case State.Payload when value != '$' && value != '*':
                    _sum += value;
                    break;
                case State.FirstDigit:
                    _given = Haltpoint.Rsp.Hex.Value(value) << 4;
                    _state = State.SecondDigit;
                    break;
                case State.SecondDigit when (_given | Haltpoint.Rsp.Hex.Value(value)) == (_sum & 0xFF):
                    _state = State.Between;
                    break;
                default:
                    throw new InvalidOperationException($"byte {value:x2} has no place in the output ({_state})");
            }
        }
    }
}
