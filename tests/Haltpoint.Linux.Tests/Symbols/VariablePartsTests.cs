using System;
using System.Collections.Generic;
using System.Globalization;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Symbols;

/// <summary>Members and elements are where the compiler says they are: the program prints the address and size of each.</summary>
public class VariablePartsTests
{
    [Fact]
    public void Every_part_has_the_address_and_the_size_that_the_program_says()
    {
        using PipedProgram program = new(TraceeBuilder.Build("structures"));
        List<string> lines = [];
        for (string line = program.ReadLine(); line != "end"; line = program.ReadLine())
        {
            lines.Add(line);
        }

        using ProcessModules modules = new(program.Id);
        SymbolFinder finder = new(modules);
        Assert.Equal(12, lines.Count);
        Assert.All(lines, line =>
        {
            string[] words = line.Split(' ');
            Assert.True(LocationText.TryParse(words[0], out LocationText text));
            FoundSymbol? found = finder.Find(text, wantsCode: false, out string problem);
            Assert.True(found is not null, problem);
            Assert.Equal(ulong.Parse(words[1].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture), found.Address);
            Assert.Equal(ulong.Parse(words[2], CultureInfo.InvariantCulture), found.Size);
        });
    }

    [Theory]
    [InlineData("config.inner[2]", "config.inner has 2 elements: [0] to [1]")]
    [InlineData("config.lst", "config has no member 'lst'; nearest: last")]
    [InlineData("config.next.tag", "config.next is a pointer: give the address of what it points to")]
    [InlineData("config.id.x", "config.id has no members")]
    [InlineData("config[0]", "config is no array")]
    [InlineData("grid[x]", "'[x]' behind grid is no index such as [3]")]
    [InlineData("confg.id", "no variable 'confg' in structures or its libraries; nearest: config")]
    public void What_is_no_part_is_refused_and_named(string text, string expected)
    {
        using PipedProgram program = new(TraceeBuilder.Build("structures"));
        program.ReadLine();
        using ProcessModules modules = new(program.Id);
        Assert.True(LocationText.TryParse(text, out LocationText location));
        Assert.Null(new SymbolFinder(modules).Find(location, wantsCode: false, out string problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Without_debug_information_an_offset_is_asked_for()
    {
        using PipedProgram program = new(TraceeBuilder.Build("structures", "-g0"));
        program.ReadLine();
        using ProcessModules modules = new(program.Id);
        Assert.True(LocationText.TryParse("config.id", out LocationText location));
        Assert.Null(new SymbolFinder(modules).Find(location, wantsCode: false, out string problem));
        Assert.Contains("give the offset, config+8", problem, StringComparison.Ordinal);
    }
}
