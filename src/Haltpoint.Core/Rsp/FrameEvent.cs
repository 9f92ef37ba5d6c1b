namespace Haltpoint.Rsp;

/// <summary>What the framer found in the bytes it was fed.</summary>
public enum FrameEvent : byte
{
    /// <summary>Nothing complete yet.</summary>
    None,

    /// <summary>A packet begins.</summary>
    Start,

    /// <summary>A whole packet.</summary>
    Packet,

    /// <summary>A packet whose checksum is wrong.</summary>
    Damaged,

    /// <summary>A packet that didn't fit, with a good checksum.</summary>
    TooLong,
    Ack,
    Nack,

    /// <summary>Ctrl-C: a 0x03 between packets. Inside a packet it is data.</summary>
    Interrupt,
}
