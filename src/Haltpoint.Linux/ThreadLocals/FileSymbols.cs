using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;

namespace Haltpoint.Linux.ThreadLocals;

/// <summary>The symbols of an ELF file that are not exported, from its <c>.symtab</c>: C libraries before 2.34 have what we need only there.</summary>
internal sealed class FileSymbols
{
    private const uint SymbolTable = 2; // SHT_SYMTAB
    private readonly byte[] _file;
    private readonly bool _is64Bit;

    private FileSymbols(byte[] file, bool is64Bit)
    {
        _file = file;
        _is64Bit = is64Bit;
    }

    /// <returns>Null when the file cannot be read.</returns>
    public static FileSymbols? Open(string path, bool is64Bit)
    {
        try
        {
            return new FileSymbols(File.ReadAllBytes(path), is64Bit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The symbol's value: an address before the load address is added.</summary>
    public bool TryFind(string name, out ulong value)
    {
        // Elf64_Ehdr: section table at 40, its entry size at 58 and count at 60; Elf32_Ehdr: 32, 46, 48.
        ulong table = Word(_is64Bit ? 40u : 32);
        ulong entry = Half(_is64Bit ? 58u : 46);
        ulong count = Half(_is64Bit ? 60u : 48);
        for (ulong i = 0; i < count; i++)
        {
            // Elf64_Shdr: type 4, offset 24, size 32, link 40; Elf32_Shdr: 4, 16, 20, 24.
            ulong section = table + (i * entry);
            if (Number(section + 4) == SymbolTable)
            {
                ulong strings = table + (Number(section + (_is64Bit ? 40u : 24)) * entry);
                ulong start = Word(section + (_is64Bit ? 24u : 16));
                return TryFind(
                    Encoding.ASCII.GetBytes(name + '\0'), start, start + Word(section + (_is64Bit ? 32u : 20)), Word(strings + (_is64Bit ? 24u : 16)), out value);
            }
        }

        value = 0;
        return false;
    }

    private bool TryFind(ReadOnlySpan<byte> name, ulong start, ulong end, ulong strings, out ulong value)
    {
        // Elf64_Sym: name 0, value 8, 24 bytes; Elf32_Sym: name 0, value 4, 16 bytes.
        ulong entry = _is64Bit ? 24u : 16;
        end = Math.Min(end, (ulong)_file.Length);
        for (ulong symbol = start; symbol < end; symbol += entry)
        {
            if (At(strings + Number(symbol), name.Length).SequenceEqual(name))
            {
                value = Word(symbol + (_is64Bit ? 8u : 4));
                return true;
            }
        }

        value = 0;
        return false;
    }

    /// <summary>Bytes of the file; zeros where it ends before them, so that a file cut off is one without symbols.</summary>
    private ReadOnlySpan<byte> At(ulong offset, int length) =>
        offset <= (ulong)_file.Length && (ulong)_file.Length - offset >= (ulong)length ? _file.AsSpan((int)offset, length) : new byte[length];

    private ushort Half(ulong offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, sizeof(ushort)));

    private uint Number(ulong offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, sizeof(uint)));

    private ulong Word(ulong offset) =>
        _is64Bit ? BinaryPrimitives.ReadUInt64LittleEndian(At(offset, sizeof(ulong))) : Number(offset);
}
