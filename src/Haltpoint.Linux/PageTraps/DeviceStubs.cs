using System;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Code in the scratch area that loads what rdi points to, or stores there, with one access of a given width.</summary>
/// <remarks>Up to eight bytes in rax and its parts, more in xmm0, ymm0 and zmm0. The address may have any alignment.</remarks>
internal static class DeviceStubs
{
    /// <summary>Slots of <see cref="ScratchCode"/> that they take, the last ones.</summary>
    public const int Slots = 4;

    public const int WidestGeneral = 8;

    private const int Pitch = 8;
    private const int Widths = 7;

    private static readonly byte[][] s_instructions =
    [
        [0x8A, 0x07], // mov al, [rdi]
        [0x66, 0x8B, 0x07], // mov ax, [rdi]
        [0x8B, 0x07], // mov eax, [rdi]
        [0x48, 0x8B, 0x07], // mov rax, [rdi]
        [0xF3, 0x0F, 0x6F, 0x07], // movdqu xmm0, [rdi]
        [0xC5, 0xFE, 0x6F, 0x07], // vmovdqu ymm0, [rdi]
        [0x62, 0xF1, 0xFE, 0x48, 0x6F, 0x07], // vmovdqu64 zmm0, [rdi]
        [0x88, 0x07], // mov [rdi], al
        [0x66, 0x89, 0x07], // mov [rdi], ax
        [0x89, 0x07], // mov [rdi], eax
        [0x48, 0x89, 0x07], // mov [rdi], rax
        [0xF3, 0x0F, 0x7F, 0x07], // movdqu [rdi], xmm0
        [0xC5, 0xFE, 0x7F, 0x07], // vmovdqu [rdi], ymm0
        [0x62, 0xF1, 0xFE, 0x48, 0x7F, 0x07], // vmovdqu64 [rdi], zmm0
    ];

    /// <summary>All of them, as they are in the scratch area.</summary>
    public static byte[] Code { get; } = Assemble();

    /// <summary>Whether there is one for this many bytes.</summary>
    public static bool Has(int width) => width is 1 or 2 or 4 or 8 or 16 or 32 or 64;

    /// <summary>Where one is from the first on.</summary>
    public static ulong OffsetOf(int width, bool isStore) => (ulong)(Pitch * (int.Log2(width) + (isStore ? Widths : 0)));

    private static byte[] Assemble()
    {
        byte[] code = new byte[Slots * ScratchCode.SlotLength];
        for (int i = 0; i < s_instructions.Length; i++)
        {
            s_instructions[i].CopyTo(code.AsSpan(i * Pitch));
        }

        return code;
    }
}
