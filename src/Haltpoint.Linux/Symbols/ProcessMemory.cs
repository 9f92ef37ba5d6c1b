using System;
using System.Globalization;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Haltpoint.Linux.Symbols;

/// <summary>Reads a process's memory while it runs, and its code from the files once it is gone or may not be read.</summary>
internal sealed class ProcessMemory : IDisposable
{
    private readonly ProcessModules _modules;
    private readonly SafeFileHandle? _memory;

    public ProcessMemory(ProcessModules modules)
        : this(modules, modules.Process)
    {
    }

    /// <summary>The memory of a process whose code is that of <paramref name="modules"/>.</summary>
    public ProcessMemory(ProcessModules modules, int process)
    {
        _modules = modules;
        try
        {
            // Its own mapping of itself is what /proc/PID/mem stands for: it stays that after an exec, so the handle never shows another program.
            _memory = File.OpenHandle(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/mem"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _memory = null;
        }
    }

    /// <summary>Reads what is there now.</summary>
    /// <returns>How many of the bytes could be read, from the first on.</returns>
    public int Read(ulong address, Span<byte> into)
    {
        if (_memory is null || address > long.MaxValue)
        {
            return 0;
        }

        try
        {
            return RandomAccess.Read(_memory, into, (long)address);
        }
        catch (IOException)
        {
            return 0; // Not mapped, or the process ended.
        }
    }

    /// <summary>Reads instructions, from the file they were loaded from if need be.</summary>
    public int ReadCode(ulong address, Span<byte> into)
    {
        int count = Read(address, into);
        if (count > 0 || !_modules.Map.TryFind(address, out Mapping mapping) || !mapping.IsFile)
        {
            return count;
        }

        try
        {
            using SafeFileHandle file = File.OpenHandle(mapping.Path);
            int length = (int)ulong.Min((ulong)into.Length, mapping.End - address);
            return RandomAccess.Read(file, into[..length], (long)(address - mapping.Start + mapping.Offset));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>A number of up to eight bytes.</summary>
    public bool TryReadValue(ulong address, int length, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        bool read = Read(address, bytes[..length]) == length;
        value = BitConverter.ToUInt64(bytes);
        return read;
    }

    public void Dispose() => _memory?.Dispose();
}
