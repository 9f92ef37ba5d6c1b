using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Haltpoint.Linux.Symbols;

/// <summary>Where the loadable parts of an ELF file want to be: what turns a mapping into a load bias.</summary>
internal sealed class ElfLoadSegments
{
    private const ulong PageMask = 0xFFF;
    private const uint Load = 1;

    private readonly List<(ulong Offset, ulong Address, ulong FileSize)> _segments = [];

    public bool Is64Bit { get; private init; }

    /// <summary>Reads the headers; false when the file is no ELF file of this machine's byte order.</summary>
    public static bool TryRead(SafeFileHandle file, out ElfLoadSegments segments)
    {
        Span<byte> header = stackalloc byte[64];
        segments = new ElfLoadSegments();
        try
        {
            if (RandomAccess.Read(file, header, 0) < 52 || !header.StartsWith("\u007fELF"u8) || header[5] != 1)
            {
                return false;
            }

            bool is64 = header[4] == 2;
            segments = new ElfLoadSegments { Is64Bit = is64 };
            ulong table = is64 ? MemoryMarshal.Read<ulong>(header[32..]) : MemoryMarshal.Read<uint>(header[28..]);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(header[(is64 ? 54 : 42)..]);
            int count = BinaryPrimitives.ReadUInt16LittleEndian(header[(is64 ? 56 : 44)..]);
            Span<byte> entry = stackalloc byte[56];
            for (int i = 0; i < count; i++)
            {
                int length = RandomAccess.Read(file, entry, (long)table + (i * size));
                if (length >= (is64 ? 56 : 32) && MemoryMarshal.Read<uint>(entry) == Load)
                {
                    segments._segments.Add(is64
                        ? (MemoryMarshal.Read<ulong>(entry[8..]), MemoryMarshal.Read<ulong>(entry[16..]), MemoryMarshal.Read<ulong>(entry[32..]))
                        : (MemoryMarshal.Read<uint>(entry[4..]), MemoryMarshal.Read<uint>(entry[8..]), MemoryMarshal.Read<uint>(entry[16..])));
                }
            }
        }
        catch (IOException)
        {
            return false;
        }

        return segments._segments.Count > 0;
    }

    /// <summary>What to add to the file's addresses, when its bytes from <paramref name="offset"/> on are mapped at <paramref name="start"/>.</summary>
    public bool TryGetBias(ulong start, ulong offset, out ulong bias)
    {
        bool found = false;
        bias = 0;
        foreach ((ulong segmentOffset, ulong address, ulong fileSize) in _segments)
        {
            // Two segments may share a page of the file; the one that begins on it is the one mapped from there.
            ulong first = segmentOffset & ~PageMask;
            if (offset == first || (!found && offset > first && offset < segmentOffset + fileSize))
            {
                bias = start - ((address & ~PageMask) + (offset - first));
                found = true;
            }
        }

        return found;
    }
}
