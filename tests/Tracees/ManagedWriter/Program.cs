// Writes native memory, a pinned array and a local variable of Main, for every line it is sent, until its input ends.
// Prints their addresses, then "ready", to standard error.
using System;
using System.Runtime.InteropServices;
using ManagedWriter;

unsafe
{
    long* native = (long*)NativeMemory.AllocZeroed(sizeof(long));
    long[] pinned = GC.AllocateArray<long>(1, pinned: true);
    long local = 0;
    fixed (long* first = pinned)
    {
        Console.Error.WriteLine($"0x{(nuint)native:x} 0x{(nuint)first:x} 0x{(nuint)(&local):x}");
        Console.Error.WriteLine("ready");
        for (long round = 1; Console.In.ReadLine() is not null; round++)
        {
            Writer.WriteNative(native, round);
            Writer.WritePinned(pinned, round);
            Writer.WriteLocal(ref local, round);
        }
    }

    NativeMemory.Free(native);
    return 0;
}
