namespace Haltpoint.Ring0.Devices;

internal enum DriverKind : byte
{
    None,
    Edu,

    /// <summary>A virtio source of random bytes.</summary>
    Entropy,
}
