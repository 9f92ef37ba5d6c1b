using System;
using Haltpoint.Linux.Serving;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IServerSettings and IConsole.
public readonly partial struct LinuxTarget
{
    public static bool IsPacketDisabled(ref LinuxTarget self, ReadOnlySpan<byte> name)
    {
        DisabledPackets disabled = self._session.Server.DisabledPackets;
        return disabled != DisabledPackets.None && (disabled & PacketNamed(name)) != 0;
    }

    public static void SetExtended(ref LinuxTarget self) => self._session.Server.IsExtended = true;

    public static void PrintToConsole(ref LinuxTarget self, ReadOnlySpan<byte> text) => self._session.Server.Console?.Print(text);

    private static DisabledPackets PacketNamed(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("vCont"u8) ? DisabledPackets.VCont
        : name.SequenceEqual("Tthread"u8) ? DisabledPackets.TThread
        : name.SequenceEqual("qC"u8) ? DisabledPackets.QC
        : name.SequenceEqual("qfThreadInfo"u8) ? DisabledPackets.QfThreadInfo
        : name.SequenceEqual("T"u8) ? DisabledPackets.T
        : DisabledPackets.None;
}
