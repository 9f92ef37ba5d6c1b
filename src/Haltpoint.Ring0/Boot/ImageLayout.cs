using System.Runtime;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Boot;

/// <summary>Where the linker put the parts of the image (kernel.ld), and the tables of the boot code.</summary>
internal static unsafe class ImageLayout
{
    /// <summary>What the linker adds to a physical address of the image.</summary>
    public const ulong Base = 0xFFFF_FFFF_8000_0000;

    [RuntimeImport("*", "image_text_start")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong TextStart();

    [RuntimeImport("*", "image_text_end")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong TextEnd();

    [RuntimeImport("*", "image_read_only_end")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadOnlyEnd();

    [RuntimeImport("*", "image_end")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong End();

    [RuntimeImport("*", "image_unwind_index")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern byte* UnwindIndex();

    [RuntimeImport("*", "image_symbols")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern byte* Symbols();

    /// <summary>The entry stubs of the 256 vectors, <see cref="Interrupts.InterruptTable.EntrySize"/> bytes each.</summary>
    [RuntimeImport("*", "image_interrupt_entries")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong InterruptEntries();

    /// <summary>The entry of <see cref="Interrupts.Vectors.DebuggerWake"/>.</summary>
    [RuntimeImport("*", "image_debugger_wake_entry")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong DebuggerWakeEntry();

    [RuntimeImport("*", "image_boot_stack_top")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong BootStackTop();

    [RuntimeImport("*", "image_trampoline")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern byte* Trampoline();

    [RuntimeImport("*", "image_trampoline_end")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern byte* TrampolineEnd();

    [RuntimeImport("*", "image_awaited_cpus")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern AwaitedCpu* AwaitedCpus();
}
