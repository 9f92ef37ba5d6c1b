using System.Text;
using Haltpoint.Linux.Procfs;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.OwnMaps;

public class OpenedFileTests
{
    [Theory]
    [InlineData("/proc/12/maps", 12)]
    [InlineData("/proc/12/smaps", 12)]
    [InlineData("/some where/else/7/task/9/maps", 9)]
    [InlineData("/3/maps", 3)]
    [InlineData("/proc/12/smaps_rollup", 0)]
    [InlineData("/proc/12/numa_maps", 0)]
    [InlineData("/proc/0/maps", 0)]
    [InlineData("/proc/1a/maps", 0)]
    [InlineData("/proc/99999999999/maps", 0)]
    [InlineData("/home/maps", 0)]
    [InlineData("maps", 0)]
    [InlineData("", 0)]
    public void A_list_of_mappings_is_known_by_its_path(string path, int owner)
    {
        bool isList = OpenedFile.TryParseOwner(Encoding.UTF8.GetBytes(path), out int found);
        Assert.Equal(owner, isList ? found : 0);
    }
}
