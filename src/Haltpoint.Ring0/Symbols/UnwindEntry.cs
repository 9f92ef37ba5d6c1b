using Haltpoint.Ring0.Boot;

namespace Haltpoint.Ring0.Symbols;

/// <summary>The call-frame information of one function: its own instructions (FDE) and those it shares (CIE). Layout: LSB core specification, ".eh_frame".</summary>
internal unsafe struct UnwindEntry
{
    private const int RelativeTable = 12;

    public ulong Start;
    public long CodeAlignment;
    public long DataAlignment;
    public byte* SharedProgram;
    public byte* SharedEnd;
    public byte* Program;
    public byte* End;

    /// <summary>The frame was made by an interrupt: its caller stands before the instruction to do next, not behind a call.</summary>
    public bool IsInterrupt;

    public static bool TryFind(ulong address, out UnwindEntry entry)
    {
        entry = default;
        byte* index = ImageLayout.UnwindIndex();
        int count = *(int*)(index + 8);
        int* table = (int*)(index + RelativeTable);
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if ((ulong)(index + table[2 * middle]) <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0)
        {
            return false;
        }

        entry.Start = (ulong)(index + table[(2 * low) - 2]);
        return entry.TryRead(index + table[(2 * low) - 1], address);
    }

    private bool TryRead(byte* description, ulong address)
    {
        UnwindReader reader = new(description);
        uint length = reader.UInt32();
        End = reader.Position + length;
        byte* shared = reader.Position;
        shared -= reader.UInt32();
        ReadShared(shared, out byte pointerEncoding, out bool hasAugmentation);

        reader.SkipPointer(pointerEncoding);
        byte* range = reader.Position;
        reader.SkipPointer(pointerEncoding);
        ulong size = reader.Position - range == sizeof(uint) ? *(uint*)range : *(ulong*)range;
        if (hasAugmentation)
        {
            ulong skipped = reader.Unsigned();
            reader.Position += skipped;
        }

        Program = reader.Position;
        return address - Start < size;
    }

    private void ReadShared(byte* description, out byte pointerEncoding, out bool hasAugmentation)
    {
        UnwindReader reader = new(description);
        uint length = reader.UInt32();
        SharedEnd = reader.Position + length;
        reader.UInt32();
        byte version = reader.Byte();
        byte* augmentation = reader.Position;
        while (reader.Byte() != 0)
        {
        }

        CodeAlignment = (long)reader.Unsigned();
        DataAlignment = reader.Signed();
        if (version == 1)
        {
            reader.Byte();
        }
        else
        {
            reader.Unsigned();
        }

        pointerEncoding = 0;
        hasAugmentation = *augmentation == 'z';
        if (hasAugmentation)
        {
            ulong size = reader.Unsigned();
            SharedProgram = reader.Position + size;
            for (byte* letter = augmentation + 1; *letter != 0; letter++)
            {
                switch (*letter)
                {
                    case (byte)'R':
                        pointerEncoding = reader.Byte();
                        break;
                    case (byte)'L':
                        reader.Byte();
                        break;
                    case (byte)'P':
                        reader.SkipPointer(reader.Byte());
                        break;
                    case (byte)'S':
                        IsInterrupt = true;
                        break;
                    default:
                        break;
                }
            }
        }
        else
        {
            SharedProgram = reader.Position;
        }
    }
}
