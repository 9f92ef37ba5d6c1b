namespace Haltpoint.Breakpoints;

/// <summary>Bytes to watch, taken apart into the fewest pieces that registers of aligned powers of two can hold.</summary>
/// <remarks>
/// Exactly the bytes asked for: a wider register would report accesses to the neighbours. Taking the largest aligned piece
/// that fits, from the start on, is also the fewest, since of two aligned pieces one contains the other or they are apart.
/// </remarks>
public struct WatchRange
{
    private readonly int _largest;
    private ulong _address;
    private ulong _left;

    /// <param name="address">First byte.</param>
    /// <param name="length">Bytes; 0 gives no pieces.</param>
    /// <param name="largest">Bytes of the widest register, a power of two.</param>
    public WatchRange(ulong address, ulong length, int largest)
    {
        _address = address;
        _left = length;
        _largest = largest;
    }

    /// <summary>Whether the range ends inside the address space; its last byte may be the last there is .</summary>
    public static bool IsValid(ulong address, ulong length) => length != 0 && address + (length - 1) >= address;

    /// <summary>Takes the next piece off the front.</summary>
    public bool TryTake(out WatchPiece piece)
    {
        if (_left == 0)
        {
            piece = default;
            return false;
        }

        int length = _largest;
        while ((ulong)length > _left || (_address & ((ulong)length - 1)) != 0)
        {
            length >>= 1;
        }

        piece = new WatchPiece(_address, length);
        _address += (ulong)length;
        _left -= (ulong)length;
        return true;
    }

    /// <summary>How many pieces are left, up to <paramref name="limit"/>: a long range is not worth counting to its end.</summary>
    public readonly int CountPieces(int limit)
    {
        WatchRange rest = this;
        int count = 0;
        while (count < limit && rest.TryTake(out _))
        {
            count++;
        }

        return count;
    }
}
