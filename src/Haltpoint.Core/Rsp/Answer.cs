namespace Haltpoint.Rsp;

/// <summary>What becomes of what a handler wrote.</summary>
internal enum Answer : byte
{
    /// <summary>Nothing is sent: the packet has no reply, or it comes when the target stops.</summary>
    Nothing,
    Reply,

    /// <summary>Sent on our own account (<c>%</c>), never acknowledged.</summary>
    Notification,
}
