using System;

namespace Haltpoint.Arch.X86;

/// <summary>A register layout in words a client reads: <c>target.xml</c> (gdb manual, "Target Description Format").</summary>
public ref struct TargetDescription
{
    // Each entry is a name, '@' and its bit; no name marks a reserved bit that reads as one.
    private static ReadOnlySpan<byte> EflagsFields =>
        "CF@0 @1 PF@2 AF@4 ZF@6 SF@7 TF@8 IF@9 DF@10 OF@11 NT@14 RF@16 VM@17 AC@18 VIF@19 VIP@20 ID@21 "u8;

    private static ReadOnlySpan<byte> MxcsrFields =>
        "IE@0 DE@1 ZE@2 OE@3 UE@4 PE@5 DAZ@6 IM@7 DM@8 ZM@9 OM@10 UM@11 PM@12 FZ@15 "u8;

    // Each entry: the field's name in vec128, '@', the vector type's name, '@', its element, '@', their number.
    private static ReadOnlySpan<byte> Vectors =>
        ("v8_bfloat16@v8bf16@bfloat16@8 v8_half@v8h@ieee_half@8 v4_float@v4f@ieee_single@4 v2_double@v2d@ieee_double@2 "u8 +
        "v16_int8@v16i8@int8@16 v8_int16@v8i16@int16@8 v4_int32@v4i32@int32@4 v2_int64@v2i64@int64@2 "u8);

    private readonly Span<byte> _into;
    private int _length;

    private TargetDescription(Span<byte> into)
    {
        _into = into;
        _length = 0;
    }

    /// <summary>Writes the description.</summary>
    /// <returns>Its length; longer than <paramref name="into"/> when that was too small, and cut off there.</returns>
    public static int Write(in RegisterLayout layout, Span<byte> into)
    {
        TargetDescription description = new(into);
        description.Write(layout);
        return description._length;
    }

    private void Write(in RegisterLayout layout)
    {
        Append("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n<architecture>"u8);
        Append(layout.Is64Bit ? "i386:x86-64"u8 : "i386"u8);
        Append("</architecture>\n"u8);
        if (layout.Has(RegisterFeature.Linux))
        {
            Append("<osabi>GNU/Linux</osabi>\n"u8);
        }

        int number = 0;
        int feature = -1;
        for (int index = 0; index < layout.RunCount; index++)
        {
            RegisterRun run = layout.Run(index);
            if (!layout.Has(run.Feature))
            {
                continue;
            }

            if (feature != (int)run.Feature)
            {
                if (feature >= 0)
                {
                    Append("</feature>\n"u8);
                }

                feature = (int)run.Feature;
                Append("<feature name=\"org.gnu.gdb.i386."u8);
                Append(Name(run.Feature));
                Append("\">\n"u8);
                WriteTypes(run.Feature, layout.Is64Bit);
            }

            WriteRegisters(run, number);
            number += run.Count;
        }

        Append("</feature>\n</target>\n"u8);
    }

    private static ReadOnlySpan<byte> Name(RegisterFeature feature) => feature switch
    {
        RegisterFeature.Core => "core"u8,
        RegisterFeature.Sse => "sse"u8,
        RegisterFeature.Linux => "linux"u8,
        RegisterFeature.Segments => "segments"u8,
        RegisterFeature.Avx => "avx"u8,
        RegisterFeature.Avx512 => "avx512"u8,
        _ => "pkeys"u8,
    };

    // Types are known inside their feature only, so vec128 is told twice.
    private void WriteTypes(RegisterFeature feature, bool is64Bit)
    {
        switch (feature)
        {
            case RegisterFeature.Core:
                WriteFlags("i386_eflags"u8, EflagsFields);
                break;
            case RegisterFeature.Sse:
                WriteVector128();
                WriteFlags("i386_mxcsr"u8, MxcsrFields);
                break;
            case RegisterFeature.Avx512:
                if (is64Bit)
                {
                    WriteVector128();
                }

                Append("<vector id=\"v2ui128\" type=\"uint128\" count=\"2\"/>\n"u8);
                break;
        }
    }

    private void WriteFlags(scoped ReadOnlySpan<byte> id, scoped ReadOnlySpan<byte> fields)
    {
        Append("<flags id=\""u8);
        Append(id);
        Append("\" size=\"4\">\n"u8);
        while (fields.Length > 0)
        {
            ReadOnlySpan<byte> name = Take(ref fields, (byte)'@');
            ReadOnlySpan<byte> bit = Take(ref fields, (byte)' ');
            Append("<field name=\""u8);
            Append(name);
            Append("\" start=\""u8);
            Append(bit);
            Append("\" end=\""u8);
            Append(bit);
            Append("\" type=\"bool\"/>\n"u8);
        }

        Append("</flags>\n"u8);
    }

    private void WriteVector128()
    {
        for (ReadOnlySpan<byte> rest = Vectors; rest.Length > 0;)
        {
            Take(ref rest, (byte)'@');
            Append("<vector id=\""u8);
            Append(Take(ref rest, (byte)'@'));
            Append("\" type=\""u8);
            Append(Take(ref rest, (byte)'@'));
            Append("\" count=\""u8);
            Append(Take(ref rest, (byte)' '));
            Append("\"/>\n"u8);
        }

        Append("<union id=\"vec128\">\n"u8);
        for (ReadOnlySpan<byte> rest = Vectors; rest.Length > 0;)
        {
            WriteField(Take(ref rest, (byte)'@'), Take(ref rest, (byte)'@'));
            Take(ref rest, (byte)' ');
        }

        WriteField("uint128"u8, "uint128"u8);
        Append("</union>\n"u8);
    }

    private void WriteField(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> type)
    {
        Append("<field name=\""u8);
        Append(name);
        Append("\" type=\""u8);
        Append(type);
        Append("\"/>\n"u8);
    }

    private void WriteRegisters(scoped in RegisterRun run, int number)
    {
        ReadOnlySpan<byte> names = run.Names;
        for (int i = 0; i < run.Count; i++)
        {
            Append("<reg name=\""u8);
            if (run.IsPattern)
            {
                names = run.Names;
                Append(Take(ref names, (byte)'#'));
                AppendNumber(run.First + i);
                Append(names);
            }
            else
            {
                Append(Take(ref names, (byte)' '));
            }

            Append("\" bitsize=\""u8);
            AppendNumber(run.Length * 8);
            Append("\" type=\""u8);
            Append(RegisterTypes.Name(run.Type));
            Append("\" regnum=\""u8);
            AppendNumber(number + i);
            ReadOnlySpan<byte> group = RegisterTypes.Group(run.Type);
            if (group.Length > 0)
            {
                Append("\" group=\""u8);
                Append(group);
            }

            Append("\"/>\n"u8);
        }
    }

    /// <summary>Takes the text up to <paramref name="end"/>, and that off too; all of it where there is none.</summary>
    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> text, byte end)
    {
        int length = 0;
        while (length < text.Length && text[length] != end)
        {
            length++;
        }

        ReadOnlySpan<byte> taken = text[..length];
        text = length < text.Length ? text[(length + 1)..] : default;
        return taken;
    }

    private void Append(scoped ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (_length < _into.Length)
            {
                _into[_length] = text[i];
            }

            _length++;
        }
    }

    private void AppendNumber(int value)
    {
        Span<byte> digits = stackalloc byte[3];
        int start = digits.Length;
        do
        {
            digits[--start] = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value > 0);

        Append(digits[start..]);
    }
}
