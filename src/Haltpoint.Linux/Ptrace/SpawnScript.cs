using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Ptrace;

/// <summary>System calls that a new process makes one after the other until one of them is execve.</summary>
/// <remarks>
/// Between its birth and execve the child shares the memory and the C library's state of the .NET process, so it may run neither
/// managed code nor the C library: only these few instructions, over a list that was made ready before. All memory here has to
/// live until the child has executed its program or ended.
/// </remarks>
internal sealed unsafe class SpawnScript : IDisposable
{
    private const int CallWords = 8;
    private const int MayFailWord = 6;
    private const int ResultWord = 7;
    private const int StackLength = 64 * 1024;
    private const int CodeLength = 4096;
    private const long SignalActionNumber = 13;
    private const long SignalMaskNumber = 14;
    private const int KernelSetLength = 8;
    private const int SignalActionLength = 32;
    private const int LibrarySignalActionLength = 152;
    private const nint IgnoreSignal = 1;

    // rdi points at a call: number, five arguments, "may fail", result.
    private static ReadOnlySpan<byte> Code =>
    [
        0x48, 0x89, 0xFB,             //        mov   rbx, rdi
        0x48, 0x8B, 0x03,             // next:  mov   rax, [rbx]
        0x48, 0x8B, 0x7B, 0x08,       //        mov   rdi, [rbx + 8]
        0x48, 0x8B, 0x73, 0x10,       //        mov   rsi, [rbx + 16]
        0x48, 0x8B, 0x53, 0x18,       //        mov   rdx, [rbx + 24]
        0x4C, 0x8B, 0x53, 0x20,       //        mov   r10, [rbx + 32]
        0x4C, 0x8B, 0x43, 0x28,       //        mov   r8, [rbx + 40]
        0x0F, 0x05,                   //        syscall
        0x48, 0x89, 0x43, 0x38,       //        mov   [rbx + 56], rax
        0x48, 0x85, 0xC0,             //        test  rax, rax
        0x79, 0x07,                   //        jns   ok
        0x48, 0x83, 0x7B, 0x30, 0x00, //        cmp   qword [rbx + 48], 0
        0x74, 0x06,                   //        je    end
        0x48, 0x83, 0xC3, 0x40,       // ok:    add   rbx, 64
        0xEB, 0xD1,                   //        jmp   next
        0xBF, 0x7F, 0x00, 0x00, 0x00, // end:   mov   edi, 127
        0xB8, 0xE7, 0x00, 0x00, 0x00, //        mov   eax, 231 (exit_group)
        0x0F, 0x05,                   //        syscall
    ];

    private readonly List<nint> _blocks = [];
    private readonly List<long> _words = [];
    private long* _calls;
    private byte* _code;
    private byte* _stack;

    public void Add(long number, long first = 0, long second = 0, long third = 0, long fourth = 0, bool mayFail = false) =>
        _words.AddRange([number, first, second, third, fourth, 0, mayFail ? 1 : 0, 0]);

    /// <summary>Zeroed memory that lives as long as the script.</summary>
    public void* Allocate(int length)
    {
        void* block = NativeMemory.AllocZeroed((nuint)length);
        _blocks.Add((nint)block);
        return block;
    }

    /// <summary>The bytes with a zero after them.</summary>
    public byte* Text(ReadOnlySpan<byte> bytes)
    {
        byte* text = (byte*)Allocate(bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(text, bytes.Length));
        return text;
    }

    /// <summary>Pointers to the texts with a null after them, as argv and envp are.</summary>
    public byte** Texts(IReadOnlyList<byte[]> texts)
    {
        byte** pointers = (byte**)Allocate((texts.Count + 1) * sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
        {
            pointers[i] = Text(texts[i]);
        }

        return pointers;
    }

    /// <summary>Makes the child's signals what a program expects, whatever the runtime does with them.</summary>
    /// <remarks>
    /// The runtime's handlers would be reset by execve anyway; but what it ignores (SIGPIPE) would stay ignored in the program, and
    /// the handlers must be gone before the mask opens.
    /// </remarks>
    public void ResetSignals(ulong signalMask)
    {
        byte* old = stackalloc byte[LibrarySignalActionLength];
        byte* reset = (byte*)Allocate(SignalActionLength);
        for (int signal = 1; signal <= SignalNumber.Last; signal++)
        {
            bool isKnown = Libc.SignalAction(signal, null, old) == 0;
            if (signal == SignalNumber.Pipe || !isKnown || *(nint*)old != IgnoreSignal)
            {
                Add(SignalActionNumber, signal, (long)reset, 0, KernelSetLength, mayFail: true);
            }
        }

        ulong* mask = (ulong*)Allocate(sizeof(ulong));
        *mask = signalMask;
        Add(SignalMaskNumber, Libc.SetMask, (long)mask, 0, KernelSetLength);
    }

    /// <summary>Starts the child; it is the caller's own, and traced by nobody yet.</summary>
    /// <returns>Its process id, or -1.</returns>
    public int Start()
    {
        _calls = (long*)Allocate(_words.Count * sizeof(long));
        CollectionsMarshal.AsSpan(_words).CopyTo(new Span<long>(_calls, _words.Count));
        _code = Map(CodeLength);
        _stack = Map(StackLength);
        if (_code is null || _stack is null)
        {
            return -1;
        }

        Code.CopyTo(new Span<byte>(_code, CodeLength));
        return Libc.Mprotect(_code, CodeLength, Libc.ProtRead | Libc.ProtExecute) == 0
            ? Libc.Clone(_code, _stack + StackLength, Libc.CloneMemory | SignalNumber.Child, _calls)
            : -1;
    }

    /// <summary>The call that failed and ended the child, and its error.</summary>
    public bool TryGetFailure(out long number, out int error)
    {
        for (int i = 0; i < _words.Count; i += CallWords)
        {
            if (_calls[i + ResultWord] < 0 && _calls[i + MayFailWord] == 0)
            {
                number = _calls[i];
                error = (int)-_calls[i + ResultWord];
                return true;
            }
        }

        number = 0;
        error = 0;
        return false;
    }

    public void Dispose()
    {
        foreach (nint block in _blocks)
        {
            NativeMemory.Free((void*)block);
        }

        _blocks.Clear();
        Unmap(ref _code, CodeLength);
        Unmap(ref _stack, StackLength);
    }

    private static byte* Map(int length)
    {
        void* start = Libc.Mmap(null, (nuint)length, Libc.ProtRead | Libc.ProtWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        return start == Libc.MapFailed ? null : (byte*)start;
    }

    private static void Unmap(ref byte* start, int length)
    {
        if (start is not null)
        {
            Libc.Munmap(start, (nuint)length);
            start = null;
        }
    }
}
