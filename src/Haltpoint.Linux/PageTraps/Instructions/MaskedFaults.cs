using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Which instructions with an opmask fault on elements that it leaves out.</summary>
/// <remarks>
/// Those that put elements in other places, whose exception types end in NF (SDM vol. 2, 2.8.1), need their whole operand; all others
/// access and fault on nothing but the elements that are chosen.
/// </remarks>
internal static class MaskedFaults
{
    public static bool AreSuppressed(in Instruction instruction) => instruction.Mnemonic switch
    {
        // With the count in memory it is no operand of elements.
        Mnemonic.Vpsllw or Mnemonic.Vpslld or Mnemonic.Vpsllq or Mnemonic.Vpsrlw or Mnemonic.Vpsrld or Mnemonic.Vpsrlq
            or Mnemonic.Vpsraw or Mnemonic.Vpsrad or Mnemonic.Vpsraq => instruction.Op2Kind != OpKind.Memory,
        _ => !Rearranges(instruction.Mnemonic),
    };

    private static bool Rearranges(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Valignd or Mnemonic.Valignq or Mnemonic.Vpalignr
        or Mnemonic.Vcvtne2ps2bf16 or Mnemonic.Vdbpsadbw
        or Mnemonic.Vgf2p8affineqb or Mnemonic.Vgf2p8affineinvqb
        or Mnemonic.Vextractf32x4 or Mnemonic.Vextractf32x8 or Mnemonic.Vextractf64x2 or Mnemonic.Vextractf64x4
        or Mnemonic.Vextracti32x4 or Mnemonic.Vextracti32x8 or Mnemonic.Vextracti64x2 or Mnemonic.Vextracti64x4
        or Mnemonic.Vinsertf32x4 or Mnemonic.Vinsertf32x8 or Mnemonic.Vinsertf64x2 or Mnemonic.Vinsertf64x4
        or Mnemonic.Vinserti32x4 or Mnemonic.Vinserti32x8 or Mnemonic.Vinserti64x2 or Mnemonic.Vinserti64x4
        or Mnemonic.Vmovddup or Mnemonic.Vmovshdup or Mnemonic.Vmovsldup
        or Mnemonic.Vp2intersectd or Mnemonic.Vp2intersectq
        or Mnemonic.Vpackssdw or Mnemonic.Vpacksswb or Mnemonic.Vpackusdw or Mnemonic.Vpackuswb
        or Mnemonic.Vpconflictd or Mnemonic.Vpconflictq
        or Mnemonic.Vpermb or Mnemonic.Vpermw or Mnemonic.Vpermd or Mnemonic.Vpermq or Mnemonic.Vpermps or Mnemonic.Vpermpd
        or Mnemonic.Vpermi2b or Mnemonic.Vpermi2w or Mnemonic.Vpermi2d or Mnemonic.Vpermi2q or Mnemonic.Vpermi2ps or Mnemonic.Vpermi2pd
        or Mnemonic.Vpermt2b or Mnemonic.Vpermt2w or Mnemonic.Vpermt2d or Mnemonic.Vpermt2q or Mnemonic.Vpermt2ps or Mnemonic.Vpermt2pd
        or Mnemonic.Vpermilps or Mnemonic.Vpermilpd
        or Mnemonic.Vpmaddubsw or Mnemonic.Vpmaddwd or Mnemonic.Vpmultishiftqb
        or Mnemonic.Vpshufb or Mnemonic.Vpshufd or Mnemonic.Vpshufhw or Mnemonic.Vpshuflw
        or Mnemonic.Vpunpckhbw or Mnemonic.Vpunpckhwd or Mnemonic.Vpunpckhdq or Mnemonic.Vpunpckhqdq
        or Mnemonic.Vpunpcklbw or Mnemonic.Vpunpcklwd or Mnemonic.Vpunpckldq or Mnemonic.Vpunpcklqdq
        or Mnemonic.Vshuff32x4 or Mnemonic.Vshuff64x2 or Mnemonic.Vshufi32x4 or Mnemonic.Vshufi64x2
        or Mnemonic.Vshufps or Mnemonic.Vshufpd
        or Mnemonic.Vunpckhps or Mnemonic.Vunpckhpd or Mnemonic.Vunpcklps or Mnemonic.Vunpcklpd;
}
