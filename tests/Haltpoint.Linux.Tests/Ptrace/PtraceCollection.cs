using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

/// <summary>Tests that trace: one after the other, because a thousand spinning threads of one would hold up every other.</summary>
[CollectionDefinition("ptrace", DisableParallelization = true)]
public class PtraceCollection;
