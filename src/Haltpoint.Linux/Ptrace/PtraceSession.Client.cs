using Haltpoint.Linux.Files;
using Haltpoint.Linux.Objects;

namespace Haltpoint.Linux.Ptrace;

// What a client holds in the session beside processes.
public sealed partial class PtraceSession
{
    internal HostFiles Files { get; } = new();

    internal ObjectPictures Pictures { get; } = new();
}
