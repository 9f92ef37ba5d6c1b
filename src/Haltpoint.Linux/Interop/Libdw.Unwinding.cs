using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libdw
{
    public const int CallbackOk = 0;
    public const int CallbackAbort = 1;

    /// <summary>Dwfl_Thread_Callbacks. It must stay where it is as long as a session uses it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ThreadCallbacks
    {
        public delegate* unmanaged<void*, void*, void**, int> NextThread;
        public delegate* unmanaged<void*, int, void*, void**, byte> GetThread;
        public delegate* unmanaged<void*, ulong, ulong*, void*, byte> ReadMemory;
        public delegate* unmanaged<void*, void*, byte> SetInitialRegisters;
        public void* Detach;
        public void* ThreadDetach;
    }

    /// <summary>Tells a session how to read the state that is to be unwound.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_attach_state")]
    public static partial byte AttachState(void* session, void* elf, int process, ThreadCallbacks* callbacks, void* argument);

    [LibraryImport(Library, EntryPoint = "dwfl_getthread_frames")]
    public static partial int Frames(void* session, int thread, delegate* unmanaged<void*, void*, int> callback, void* argument);

    [LibraryImport(Library, EntryPoint = "dwfl_frame_pc")]
    public static partial byte FrameAddress(void* frame, ulong* address, byte* isActivation);

    [LibraryImport(Library, EntryPoint = "dwfl_thread_state_registers")]
    public static partial byte SetRegisters(void* thread, int first, uint count, ulong* registers);

    [LibraryImport(Library, EntryPoint = "dwfl_thread_state_register_pc")]
    public static partial void SetInstructionPointer(void* thread, ulong address);
}
