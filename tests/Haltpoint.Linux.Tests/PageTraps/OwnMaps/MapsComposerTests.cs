using System.Collections.Generic;
using System.Linq;
using Haltpoint.Linux.PageTraps.OwnMaps;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.OwnMaps;

public class MapsComposerTests
{
    private const ulong Distance = 0x3000_0000_0000;
    private static readonly (ulong, ulong) s_scratch = (0x1000_0000_0000, 0x1000_0401_0000);

    // What is seen with the runs armed; the runs, each "start-end[ name]"; the edges; what is to be shown.
    public static TheoryData<string, string[], string[], ulong[], string[]> Pictures => new()
    {
        {
            "nothing is armed",
            ["00400000-00401000 r--p 00000000 fe:00 12 /bin/a b (deleted)", "7f0000000000-7f0000001000 rw-p 00000000 00:00 0", "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]"],
            [], [],
            ["00400000-00401000 r--p 00000000 fe:00 12 /bin/a b (deleted)", "7f0000000000-7f0000001000 rw-p 00000000 00:00 0", "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]"]
        },
        {
            "the middle of a file's mapping",
            ["00400000-00402000 r--p 00005000 fe:00 12 /bin/a", "00402000-00403000 ---p 00000000 00:00 0", "00403000-00405000 r--p 00008000 fe:00 12 /bin/a",
                "100000000000-100004010000 rw-p 00000000 00:00 0", "300000402000-300000403000 r--p 00007000 fe:00 12 /bin/a"],
            ["00402000-00403000"], [],
            ["00400000-00405000 r--p 00005000 fe:00 12 /bin/a"]
        },
        {
            "a page of the heap",
            ["00400000-00402000 rw-p 00000000 00:00 0 [heap]", "00402000-00403000 ---p 00000000 00:00 0 [heap]", "00403000-00405000 rw-p 00000000 00:00 0 [heap]",
                "300000402000-300000403000 rw-p 00000000 00:00 0"],
            ["00402000-00403000 [heap]"], [],
            ["00400000-00405000 rw-p 00000000 00:00 0 [heap]"]
        },
        {
            "a page of the stack, which alone has no name",
            ["00400000-00401000 rw-p 00000000 00:00 0", "00401000-00402000 ---p 00000000 00:00 0", "00402000-00403000 rw-p 00000000 00:00 0 [stack]",
                "300000401000-300000402000 rw-p 00000000 00:00 0"],
            ["00401000-00402000"], [],
            ["00400000-00403000 rw-p 00000000 00:00 0 [stack]"]
        },
        {
            "the page of the stack with its beginning",
            ["00400000-00401000 rw-p 00000000 00:00 0", "00401000-00402000 ---p 00000000 00:00 0 [stack]", "300000401000-300000402000 rw-p 00000000 00:00 0"],
            ["00401000-00402000 [stack]"], [],
            ["00400000-00402000 rw-p 00000000 00:00 0 [stack]"]
        },
        {
            "two that look like one",
            ["00400000-00402000 rw-p 00000000 00:00 0", "00402000-00404000 ---p 00000000 00:00 0", "300000402000-300000404000 rw-p 00000000 00:00 0"],
            ["00402000-00404000"], [0x402000],
            ["00400000-00402000 rw-p 00000000 00:00 0", "00402000-00404000 rw-p 00000000 00:00 0"]
        },
        {
            "two that look like one, both armed and one at home",
            ["00400000-00404000 ---p 00000000 00:00 0", "300000400000-300000404000 rw-p 00000000 00:00 0"],
            ["00400000-00402000", "00402000-00404000"], [0x402000],
            ["00400000-00402000 rw-p 00000000 00:00 0", "00402000-00404000 rw-p 00000000 00:00 0"]
        },
        {
            "one in two runs",
            ["00400000-00404000 ---p 00000000 00:00 0", "300000400000-300000404000 rw-p 00000000 00:00 0"],
            ["00400000-00402000", "00402000-00404000"], [],
            ["00400000-00404000 rw-p 00000000 00:00 0"]
        },
        {
            "others have other rights, another file, another place in it, another name",
            ["00400000-00401000 r--p 00000000 fe:00 12 /a", "00401000-00402000 ---p 00000000 00:00 0", "00402000-00403000 rw-p 00002000 fe:00 12 /a",
                "00403000-00404000 ---p 00000000 00:00 0", "00404000-00405000 rw-p 00004000 fe:00 13 /b",
                "00405000-00406000 ---p 00000000 00:00 0", "00406000-00407000 rw-p 00005000 fe:00 13 /b",
                "00408000-00409000 ---p 00000000 00:00 0", "00409000-0040a000 rw-p 00000000 00:00 0",
                "300000401000-300000402000 rw-p 00001000 fe:00 12 /a", "300000403000-300000404000 rw-p 00003000 fe:00 12 /a",
                "300000405000-300000406000 rw-p 00006000 fe:00 13 /b", "300000408000-300000409000 rw-p 00000000 00:00 0 [anon:a]"],
            ["00401000-00402000", "00403000-00404000", "00405000-00406000", "00408000-00409000"], [],
            ["00400000-00401000 r--p 00000000 fe:00 12 /a", "00401000-00404000 rw-p 00001000 fe:00 12 /a", "00404000-00405000 rw-p 00004000 fe:00 13 /b",
                "00405000-00406000 rw-p 00006000 fe:00 13 /b", "00406000-00407000 rw-p 00005000 fe:00 13 /b",
                "00408000-00409000 rw-p 00000000 00:00 0 [anon:a]", "00409000-0040a000 rw-p 00000000 00:00 0"]
        },
        {
            "a page of the program's own that is inaccessible beside",
            ["00400000-00404000 ---p 00000000 00:00 0", "300000401000-300000403000 rw-p 00000000 00:00 0"],
            ["00401000-00403000"], [],
            ["00400000-00401000 ---p 00000000 00:00 0", "00401000-00403000 rw-p 00000000 00:00 0", "00403000-00404000 ---p 00000000 00:00 0"]
        },
        {
            "all that follows each other elsewhere stays apart",
            ["00400000-00401000 rw-p 00000000 00:00 0", "00401000-00402000 rw-p 00000000 00:00 0", "00402000-00403000 ---p 00000000 00:00 0", "300000402000-300000403000 rw-p 00000000 00:00 0"],
            ["00402000-00403000"], [],
            ["00400000-00401000 rw-p 00000000 00:00 0", "00401000-00403000 rw-p 00000000 00:00 0"]
        },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_picture_is_the_programs_own(string what, string[] seen, string[] runs, ulong[] edges, string[] shown) =>
        Assert.Equal((what, Text(shown)), (what, MapsComposer.TryCompose(Text(seen), [.. runs.Select(Run)], s_scratch, new HashSet<ulong>(edges))));

    [Fact]
    public void A_path_begins_in_its_column_whatever_the_width_of_addresses()
    {
        string seen = Text(["00400000-00401000 ---p 00000000 00:00 0", "300000400000-300000401000 r--p 123456789000 fe:00 12345678 /a"]);
        string? shown = MapsComposer.TryCompose(seen, [Run("00400000-00401000")], default, new HashSet<ulong>());
        Assert.Equal("00400000-00401000 r--p 123456789000 fe:00 12345678                       /a\n", shown);
        Assert.Equal(73, shown!.IndexOf('/', System.StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_without_the_homes_is_not_of_this_process()
    {
        string text = Text(["00400000-00402000 rw-p 00000000 00:00 0", "300000400000-300000401000 rw-p 00000000 00:00 0"]);
        Assert.Null(MapsComposer.TryCompose(text, [Run("00400000-00402000")], default, new HashSet<ulong>()));
    }

    [Fact]
    public void Amounts_are_added_and_the_rest_is_as_it_is_at_home()
    {
        string seen = Block("00400000-00402000 rw-p 00000000 00:00 0", 8, 4, " sd") + Block("00402000-00403000 ---p 00000000 00:00 0", 4, 0, "", "mr mw me")
            + Block("00403000-00404000 rw-p 00000000 00:00 0", 4, 4, "") + Block("300000402000-300000403000 rw-p 00000000 00:00 0", 4, 4, "");
        string shown = Block("00400000-00404000 rw-p 00000000 00:00 0", 16, 12, " sd");
        Assert.Equal(shown, MapsComposer.TryCompose(seen, [Run("00402000-00403000")], default, new HashSet<ulong>()));
    }

    [Fact]
    public void Other_flags_keep_mappings_apart()
    {
        string seen = Block("00400000-00402000 rw-p 00000000 00:00 0", 8, 4, " dd") + Block("00402000-00403000 ---p 00000000 00:00 0", 4, 0, "", "mr mw me")
            + Block("300000402000-300000403000 rw-p 00000000 00:00 0", 4, 4, "");
        string shown = Block("00400000-00402000 rw-p 00000000 00:00 0", 8, 4, " dd") + Block("00402000-00403000 rw-p 00000000 00:00 0", 4, 4, "");
        Assert.Equal(shown, MapsComposer.TryCompose(seen, [Run("00402000-00403000")], default, new HashSet<ulong>()));
    }

    [Fact]
    public void A_part_of_a_mapping_has_its_own_size()
    {
        string seen = Block("00400000-00403000 ---p 00000000 00:00 0", 12, 0, "", "mr mw me") + Block("300000401000-300000403000 rw-p 00000000 00:00 0", 8, 8, "");
        string shown = Block("00400000-00401000 ---p 00000000 00:00 0", 4, 0, "", "mr mw me") + Block("00401000-00403000 rw-p 00000000 00:00 0", 8, 8, "");
        Assert.Equal(shown, MapsComposer.TryCompose(seen, [Run("00401000-00403000")], default, new HashSet<ulong>()));
    }

    private static ShownRun Run(string run)
    {
        ulong[] ends = [.. run.Split(' ')[0].Split('-').Select(e => System.Convert.ToUInt64(e, 16))];
        return new ShownRun(ends[0], ends[1], Distance, run.Contains(' ', System.StringComparison.Ordinal) ? run.Split(' ')[1] : "");
    }

    // As the kernel lays them out, from lines without the padding.
    private static string Text(string[] lines) => string.Concat(lines.Select(line =>
    {
        string[] words = line.Split(' ', 6);
        string head = string.Join(' ', words[..5]) + " ";
        return (words.Length == 6 ? head.PadRight(73) + words[5] : head) + "\n";
    }));

    private static string Block(string header, int size, int resident, string moreFlags, string flags = "rd wr mr mw me ac") =>
        Text([header])
        + $"Size:           {size,8} kB\nKernelPageSize:        4 kB\nMMUPageSize:           4 kB\nRss:            {resident,8} kB\n"
        + $"Private_Hugetlb:        0 kB\nTHPeligible:           0\nVmFlags: {flags}{moreFlags} \n";
}
