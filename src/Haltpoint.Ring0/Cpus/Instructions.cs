using System.Runtime;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Cpus;

/// <summary>Instructions C# has no words for; the routines are in Instructions.S.</summary>
internal static unsafe class Instructions
{
    [RuntimeImport("*", "cpu_in8")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern byte In8(ushort port);

    [RuntimeImport("*", "cpu_out8")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Out8(ushort port, byte value);

    [RuntimeImport("*", "cpu_in32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern uint In32(ushort port);

    [RuntimeImport("*", "cpu_out16")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Out16(ushort port, ushort value);

    [RuntimeImport("*", "cpu_out32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Out32(ushort port, uint value);

    [RuntimeImport("*", "cpu_read_msr")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadMsr(uint register);

    [RuntimeImport("*", "cpu_write_msr")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WriteMsr(uint register, ulong value);

    /// <summary>EAX, EBX, ECX and EDX, in this order, to <paramref name="result"/>.</summary>
    [RuntimeImport("*", "cpu_id")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void CpuId(uint leaf, uint subleaf, uint* result);

    [RuntimeImport("*", "cpu_timestamp")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong Timestamp();

    [RuntimeImport("*", "cpu_pause")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Pause();

    /// <summary>Turns interrupts off.</summary>
    /// <returns>What <see cref="RestoreInterrupts"/> takes.</returns>
    [RuntimeImport("*", "cpu_disable_interrupts")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong DisableInterrupts();

    [RuntimeImport("*", "cpu_restore_interrupts")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void RestoreInterrupts(ulong flags);

    /// <summary>Turns interrupts on and sleeps until one comes; none can come between the two.</summary>
    [RuntimeImport("*", "cpu_wait_for_interrupt")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WaitForInterrupt();

    /// <summary>Sleeps until <see cref="Interrupts.Vectors.DebuggerWake"/> comes, an NMI, or another interrupt that the APIC's priority lets through.
    /// Called with interrupts off and, unlike a handler that ends by iret, usable inside that of an NMI.</summary>
    /// <returns>1 when it was the vector, which then awaits its end-of-interrupt.</returns>
    [RuntimeImport("*", "debugger_sleep")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern int SleepInDebugger();

    /// <summary>For ever, with interrupts off.</summary>
    [RuntimeImport("*", "cpu_stop")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Stop();

    [RuntimeImport("*", "cpu_breakpoint")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Breakpoint();

    [RuntimeImport("*", "cpu_reschedule")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Reschedule();

    [RuntimeImport("*", "cpu_load_descriptors")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void LoadDescriptors(void* table, ushort length, ushort taskSelector);

    [RuntimeImport("*", "cpu_load_interrupts")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void LoadInterrupts(void* table, ushort length);

    [RuntimeImport("*", "cpu_read_fault_address")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadFaultAddress();

    [RuntimeImport("*", "cpu_write_fault_address")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WriteFaultAddress(ulong address);

    [RuntimeImport("*", "cpu_read_page_root")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadPageRoot();

    [RuntimeImport("*", "cpu_write_page_root")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WritePageRoot(ulong physicalAddress);

    [RuntimeImport("*", "cpu_forget_page")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void ForgetPage(ulong address);

    [RuntimeImport("*", "cpu_read_debug_register")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadDebugRegister(int index);

    [RuntimeImport("*", "cpu_write_debug_register")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WriteDebugRegister(int index, ulong value);

    /// <summary>This processor's own data. A thread may be moved to another CPU after the call unless interrupts are off.</summary>
    [RuntimeImport("*", "cpu_current")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern Cpu* Current();
}
