using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using Haltpoint.Arch.X86;

namespace Haltpoint.Linux.Registers;

/// <summary>Which components the kernel's XSAVE areas have on this machine, and where each one starts.</summary>
/// <remarks>
/// The area is in standard format (Intel SDM vol. 1, "XSAVE Area"): the CPU tells the offsets, and the kernel leaves XCR0 in bytes
/// that the format does not use, as it does in signal frames (asm/sigcontext.h, <c>struct _fpx_sw_bytes</c>).
/// </remarks>
internal sealed class XsaveLayout
{
    /// <summary>Bytes of the FXSAVE area, and where the XSAVE header follows it.</summary>
    public const int LegacyLength = 512;

    private const int SystemFeaturesOffset = 464;
    private const int XsaveLeaf = 0xD;
    private const int MxcsrOffset = 24;
    private const int StackOffset = 32;
    private const int XmmOffset = 160;
    private const int XmmEnd = 416;
    private const uint InitialMxcsr = 0x1F80;
    private const ushort InitialControl = 0x37F;

    private readonly int[] _offsets = new int[64];
    private readonly int[] _lengths = new int[64];

    private XsaveLayout(ExtendedFeatures features)
    {
        Features = features;
        for (int component = 2; component < 64; component++)
        {
            if (((ulong)features >> component & 1) != 0)
            {
                (int length, int offset, _, _) = X86Base.CpuId(XsaveLeaf, component);
                _lengths[component] = length;
                _offsets[component] = offset;
            }
        }
    }

    public ExtendedFeatures Features { get; }

    /// <summary>Bytes any thread's area can have: as much as the CPU would need with all it has turned on.</summary>
    public static int LargestArea() =>
        X86Base.CpuId(0, 0).Eax < XsaveLeaf ? LegacyLength : Math.Max(LegacyLength, X86Base.CpuId(XsaveLeaf, 0).Ecx);

    public static XsaveLayout Of(ReadOnlySpan<byte> area) =>
        new(area.Length > LegacyLength
            ? (ExtendedFeatures)BinaryPrimitives.ReadUInt64LittleEndian(area[SystemFeaturesOffset..])
            : ExtendedFeatures.X87 | ExtendedFeatures.Sse);

    /// <summary>What the processor has turned on, when no area was read yet.</summary>
    public static XsaveLayout OfProcessor()
    {
        const int featuresLeaf = 7;
        const int protectionKeysInUse = 1 << 4; // OSPKE
        ExtendedFeatures features = ExtendedFeatures.X87 | ExtendedFeatures.Sse;
        features |= Avx.IsSupported ? ExtendedFeatures.Avx : 0;
        features |= Avx512F.IsSupported ? ExtendedFeatures.Avx512 : 0;
        features |= X86Base.CpuId(0, 0).Eax >= featuresLeaf && (X86Base.CpuId(featuresLeaf, 0).Ecx & protectionKeysInUse) != 0 ? ExtendedFeatures.Pkru : 0;
        return new(features);
    }

    public int OffsetOf(RegisterSet set) => set == RegisterSet.Legacy ? 0 : _offsets[Component(set)];

    /// <summary>The bit in XSTATE_BV for a register of the area.</summary>
    public static ExtendedFeatures FeatureOf(RegisterSet set, int setOffset) => set switch
    {
        RegisterSet.Legacy => setOffset is MxcsrOffset or >= XmmOffset ? ExtendedFeatures.Sse : ExtendedFeatures.X87,
        RegisterSet.Control => ExtendedFeatures.X87,
        RegisterSet.General => ExtendedFeatures.None,
        _ => (ExtendedFeatures)(1ul << Component(set)),
    };

    /// <summary>Gives components that are in their initial state (XSTATE_BV bit clear) the values they have then.</summary>
    /// <remarks>The CPU does not write such a component, so an older kernel hands out what happened to be in memory.</remarks>
    public void FillInitial(Span<byte> area)
    {
        if (area.Length == LegacyLength)
        {
            return;
        }

        ExtendedFeatures present = (ExtendedFeatures)BinaryPrimitives.ReadUInt64LittleEndian(area[LegacyLength..]);
        ExtendedFeatures initial = Features & ~present;
        if (initial == ExtendedFeatures.None)
        {
            return;
        }

        if ((initial & ExtendedFeatures.X87) != 0)
        {
            area[..MxcsrOffset].Clear();
            area[StackOffset..XmmOffset].Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(area, InitialControl);
        }

        if ((initial & ExtendedFeatures.Sse) != 0)
        {
            area[XmmOffset..XmmEnd].Clear();
            if ((present & ExtendedFeatures.Avx) == 0)
            {
                // MXCSR belongs to both: it is loaded when either is.
                BinaryPrimitives.WriteUInt32LittleEndian(area[MxcsrOffset..], InitialMxcsr);
            }
        }

        for (int component = 2; component < 64; component++)
        {
            if (((ulong)initial >> component & 1) != 0 && _offsets[component] + _lengths[component] <= area.Length)
            {
                area.Slice(_offsets[component], _lengths[component]).Clear();
            }
        }
    }

    /// <summary>Says in the area's header that these components have values of their own.</summary>
    public static void MarkPresent(Span<byte> area, ExtendedFeatures features)
    {
        if (area.Length > LegacyLength)
        {
            ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area[LegacyLength..]);
            BinaryPrimitives.WriteUInt64LittleEndian(area[LegacyLength..], present | (ulong)features);
        }
    }

    private static int Component(RegisterSet set) => set switch
    {
        RegisterSet.Avx => 2,
        RegisterSet.Opmask => 5,
        RegisterSet.ZmmHigh => 6,
        RegisterSet.HighZmm => 7,
        RegisterSet.Pkru => 9,
        _ => 0,
    };
}
