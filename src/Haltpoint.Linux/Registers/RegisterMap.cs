using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Haltpoint.Arch.X86;

namespace Haltpoint.Linux.Registers;

/// <summary>A register layout worked out for the kernel's buffers: where each register is, and the copies that make a whole image.</summary>
/// <remarks>Immutable, one per kind of program; safe on every thread.</remarks>
public sealed class RegisterMap
{
    private readonly RegisterPlace[] _places = new RegisterPlace[RegisterLayout.MaxCount];
    private readonly WordCopy[] _words;
    private readonly AreaCopy[] _pieces;
    private readonly int _controlOffset;
    private readonly XsaveLayout _area;

    internal RegisterMap(bool is64Bit, XsaveLayout area)
    {
        _area = area;
        Layout = new RegisterLayout(is64Bit, area.Features);
        new RegisterLayout(is64Bit, ExtendedFeatures.X87 | ExtendedFeatures.Sse).Place(_places, out int baseLength);
        BaseImageLength = baseLength;
        Count = Layout.Place(_places, out int imageLength);
        ImageLength = imageLength;

        List<WordCopy> words = [];
        List<AreaCopy> pieces = [];
        for (int number = 0; number < Count; number++)
        {
            RegisterPlace place = _places[number];
            switch (place.Set)
            {
                case RegisterSet.General:
                    words.Add(new WordCopy(UserRegisterOf(place), place.ImageOffset, place.Length));
                    break;
                case RegisterSet.Control when place.SetOffset == 0:
                    _controlOffset = place.ImageOffset;
                    break;
                case RegisterSet.Control:
                    break;
                default:
                    AddPiece(pieces, Locate(place));
                    break;
            }
        }

        _words = [.. words];
        _pieces = [.. pieces];
    }

    public RegisterLayout Layout { get; }

    /// <summary>Registers are numbered from 0 up to this.</summary>
    public int Count { get; }

    /// <summary>Bytes of the <c>g</c> image.</summary>
    public int ImageLength { get; }

    /// <summary>Bytes of its beginning that every machine has: what comes with later components follows.</summary>
    public int BaseImageLength { get; }

    public bool TryGetPlace(int number, out RegisterPlace place)
    {
        bool exists = (uint)number < (uint)Count;
        place = exists ? _places[number] : default;
        return exists;
    }

    internal static UserRegister UserRegisterOf(RegisterPlace place) => (UserRegister)Order[place.SetOffset / sizeof(ulong)];

    internal AreaCopy Locate(RegisterPlace place) => new(
        (ushort)(_area.OffsetOf(place.Set) + place.SetOffset), place.ImageOffset, place.Length, XsaveLayout.FeatureOf(place.Set, place.SetOffset));

    /// <summary>Makes the image from the words of <see cref="UserRegister"/> and the XSAVE area.</summary>
    internal void ReadImage(ReadOnlySpan<ulong> general, ReadOnlySpan<byte> area, Span<byte> image)
    {
        foreach (WordCopy copy in _words)
        {
            ulong word = general[(int)copy.Register];
            if (copy.Length == sizeof(ulong))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(image[copy.ImageOffset..], word);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(image[copy.ImageOffset..], (uint)word);
            }
        }

        X87Control.FromLegacy(area, image.Slice(_controlOffset, X87Control.Length));
        foreach (AreaCopy piece in _pieces)
        {
            area.Slice(piece.AreaOffset, piece.Length).CopyTo(image[piece.ImageOffset..]);
        }
    }

    /// <summary>Takes what the image changes into the words and the area.</summary>
    /// <param name="image">A whole image.</param>
    /// <param name="general">Words of <see cref="UserRegister"/>.</param>
    /// <param name="area">XSAVE area. Only components that the image changes are marked as having a value.</param>
    /// <param name="areaChanged">False when the image agrees with the area.</param>
    internal void WriteImage(ReadOnlySpan<byte> image, Span<ulong> general, Span<byte> area, out bool areaChanged)
    {
        foreach (WordCopy copy in _words)
        {
            general[(int)copy.Register] = Widen(copy.Register, image.Slice(copy.ImageOffset, copy.Length));
        }

        ExtendedFeatures changed = ExtendedFeatures.None;
        foreach (AreaCopy piece in _pieces)
        {
            ReadOnlySpan<byte> wanted = image.Slice(piece.ImageOffset, piece.Length);
            Span<byte> held = area.Slice(piece.AreaOffset, piece.Length);
            if (!held.SequenceEqual(wanted))
            {
                wanted.CopyTo(held);
                changed |= piece.Feature;
            }
        }

        // After the stack: the tags that debuggers show are worked out from its contents.
        if (WriteControl(image.Slice(_controlOffset, X87Control.Length), area))
        {
            changed |= ExtendedFeatures.X87;
        }

        areaChanged = changed != ExtendedFeatures.None;
        XsaveLayout.MarkPresent(area, changed);
    }

    /// <summary>The word to store for a register of 4 or 8 bytes.</summary>
    /// <remarks>
    /// A 32-bit program's system-call number and result are negative numbers to the kernel: without the sign, -1 would be call number
    /// 4294967295 and a result that asks for a restart would not be seen as one.
    /// </remarks>
    internal static ulong Widen(UserRegister register, ReadOnlySpan<byte> value)
    {
        if (value.Length == sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(value);
        }

        return register is UserRegister.Rax or UserRegister.OrigRax
            ? (ulong)BinaryPrimitives.ReadInt32LittleEndian(value)
            : BinaryPrimitives.ReadUInt32LittleEndian(value);
    }

    /// <summary>Stores the control registers if they say something else than the area does.</summary>
    internal static bool WriteControl(ReadOnlySpan<byte> control, Span<byte> area)
    {
        ControlBytes held = default;
        area[..ControlBytes.Length].CopyTo(held);
        X87Control.ToLegacy(control, area);
        return !area[..ControlBytes.Length].SequenceEqual(held);
    }

    // By GeneralRegister.
    private static ReadOnlySpan<byte> Order =>
    [
        (byte)UserRegister.Rax, (byte)UserRegister.Rbx, (byte)UserRegister.Rcx, (byte)UserRegister.Rdx,
        (byte)UserRegister.Rsi, (byte)UserRegister.Rdi, (byte)UserRegister.Rbp, (byte)UserRegister.Rsp,
        (byte)UserRegister.R8, (byte)UserRegister.R9, (byte)UserRegister.R10, (byte)UserRegister.R11,
        (byte)UserRegister.R12, (byte)UserRegister.R13, (byte)UserRegister.R14, (byte)UserRegister.R15,
        (byte)UserRegister.Rip, (byte)UserRegister.Eflags, (byte)UserRegister.Cs, (byte)UserRegister.Ss,
        (byte)UserRegister.Ds, (byte)UserRegister.Es, (byte)UserRegister.Fs, (byte)UserRegister.Gs,
        (byte)UserRegister.OrigRax, (byte)UserRegister.FsBase, (byte)UserRegister.GsBase,
    ];

    /// <summary>Joins the piece to the one before it where both ends meet in both buffers.</summary>
    private static void AddPiece(List<AreaCopy> pieces, AreaCopy piece)
    {
        if (pieces.Count > 0)
        {
            AreaCopy last = pieces[^1];
            if (last.AreaOffset + last.Length == piece.AreaOffset
                && last.ImageOffset + last.Length == piece.ImageOffset
                && last.Feature == piece.Feature)
            {
                pieces[^1] = last with { Length = (ushort)(last.Length + piece.Length) };
                return;
            }
        }

        pieces.Add(piece);
    }

    private readonly record struct WordCopy(UserRegister Register, ushort ImageOffset, byte Length);

    /// <summary>The FXSAVE fields before MXCSR.</summary>
    [InlineArray(Length)]
    private struct ControlBytes
    {
        public const int Length = 24;
        private byte _first;
    }
}
