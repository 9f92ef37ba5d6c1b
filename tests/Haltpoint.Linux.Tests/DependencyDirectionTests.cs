using System.Linq;
using System.Reflection;
using Xunit;

namespace Haltpoint.Linux.Tests;

public class DependencyDirectionTests
{
    [Fact]
    public void Linux_references_Core_and_the_base_library_only() =>
        Assert.All(
            Assembly.Load("Haltpoint.Linux").GetReferencedAssemblies().Select(a => a.Name!),
            name => Assert.True(name is "Haltpoint.Core" or "Iced" or "Microsoft.Diagnostics.NETCore.Client" || name.StartsWith("System", System.StringComparison.Ordinal), name));
}
