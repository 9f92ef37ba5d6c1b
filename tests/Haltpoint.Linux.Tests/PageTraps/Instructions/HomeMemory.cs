using System;
using Haltpoint.Linux.PageTraps.Instructions;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>The data pages as a memory with their protections, and where their home is.</summary>
internal readonly struct HomeMemory(byte[] data, ulong home) : IProgramMemory, IHomes
{
    public bool TryRead(ulong address, Span<byte> into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            if (!ExecutorLayout.CanRead(address + (ulong)i))
            {
                return false;
            }
        }

        data.AsSpan((int)(address - ExecutorLayout.Data), into.Length).CopyTo(into);
        return true;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!ExecutorLayout.CanWrite(address + (ulong)i))
            {
                return false;
            }
        }

        bytes.CopyTo(data.AsSpan((int)(address - ExecutorLayout.Data)));
        return true;
    }

    public bool TryTranslate(ulong address, ulong size, out ulong translated)
    {
        translated = address;
        if (address >= ExecutorLayout.Data + ExecutorLayout.DataLength || (address < ExecutorLayout.Data && ExecutorLayout.Data - address >= size))
        {
            return true;
        }

        translated = address - ExecutorLayout.Data + home;
        return address >= ExecutorLayout.Data && size <= ExecutorLayout.Data + ExecutorLayout.DataLength - address;
    }
}
