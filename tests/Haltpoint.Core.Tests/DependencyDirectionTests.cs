using System.Linq;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Core.Tests;

public class DependencyDirectionTests
{
    [Fact]
    public void Core_references_the_base_library_and_nothing_else() =>
        Assert.All(
            typeof(ThreadId).Assembly.GetReferencedAssemblies().Select(a => a.Name!),
            name => Assert.StartsWith("System.", name, System.StringComparison.Ordinal));
}
