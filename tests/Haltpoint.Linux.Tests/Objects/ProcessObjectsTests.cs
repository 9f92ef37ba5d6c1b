using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml.Linq;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Objects;

public class ProcessObjectsTests
{
    private static readonly string[] s_flags32 = ["-m32"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Libraries_are_where_the_process_has_mapped_them(bool is64Bit)
    {
        using TracedProgram program = new("libraries", is64Bit ? [] : s_flags32, []);
        ulong first = program.RunToAddress();
        program.NextAddress();
        ulong last = program.NextAddress();
        program.Interrupt();

        XElement list = ReadXml(program, ObjectKind.LibrariesSvr4, "");
        List<XElement> libraries = [.. list.Elements("library")];
        Assert.Equal(first, Address(list, "main-lm"));
        foreach (XElement library in libraries.Where(l => l.Attribute("name")!.Value.StartsWith('/')))
        {
            string name = Path.GetFileName(library.Attribute("name")!.Value);
            Assert.Contains($"{Address(library, "l_addr"):x8}-", StartsOf(program.Id, name));
        }

        string[] namespaces = [.. libraries.Select(l => l.Attribute("lmid")!.Value).Distinct()];
        Assert.Equal(2, namespaces.Length);
        Assert.Contains("libm.so.6", Names(libraries, namespaces[0]));
        Assert.DoesNotContain("libresolv.so.2", Names(libraries, namespaces[0]));
        Assert.Contains("libresolv.so.2", Names(libraries, namespaces[1]));
        Assert.Equal(last, Address(libraries.Last(l => l.Attribute("lmid")!.Value == namespaces[0]), "lm"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_can_ask_for_what_follows_a_place_of_a_namespace(bool is64Bit)
    {
        using TracedProgram program = new("libraries", is64Bit ? [] : s_flags32, []);
        program.RunToAddress();
        ulong previous = program.NextAddress();
        ulong last = program.NextAddress();
        program.Interrupt();

        XElement list = ReadXml(program, ObjectKind.LibrariesSvr4, $"start={last:x};prev={previous:x};lmid=1234");
        XElement library = Assert.Single(list.Elements("library"));
        Assert.Equal((last, 0x1234ul), (Address(library, "lm"), Address(library, "lmid")));
        Assert.Null(list.Attribute("main-lm"));
        Assert.Empty(ReadXml(program, ObjectKind.LibrariesSvr4, $"start={last:x};prev={last:x}").Elements());
        Assert.Empty(ReadXml(program, ObjectKind.LibrariesSvr4, "start=1;prev=0").Elements());
    }

    [Fact]
    public void A_list_that_the_program_has_damaged_ends_where_the_damage_is()
    {
        using TracedProgram program = new("libraries");
        program.RunToAddress();
        program.NextLine();
        program.NextLine();
        program.GoOn();
        Assert.Equal("damaged", program.NextLine());
        program.Interrupt();
        Assert.Contains(ReadXml(program, ObjectKind.LibrariesSvr4, "").Elements("library"),
            library => library.Attribute("name")!.Value.EndsWith("libm.so.6", StringComparison.Ordinal));
    }

    [Fact]
    public void The_list_is_empty_before_the_dynamic_linker_ran_and_refused_for_a_program_without_a_place_for_it()
    {
        using TracedProgram starting = new("libraries");
        Assert.Empty(ReadXml(starting, ObjectKind.LibrariesSvr4, "").Elements());

        using TracedProgram fixedProgram = new("workers", ["-static"], ["1", "1"]);
        fixedProgram.RunToLine();
        fixedProgram.Interrupt();
        Assert.Null(TryRead(fixedProgram, ObjectKind.LibrariesSvr4, ""));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_description_is_that_of_the_program(bool is64Bit)
    {
        using TracedProgram program = new("libraries", is64Bit ? [] : s_flags32, []);
        XElement description = ReadXml(program, ObjectKind.Features, "target.xml");
        Assert.Equal(is64Bit ? "i386:x86-64" : "i386", description.Element("architecture")!.Value);
        Assert.Equal(is64Bit, description.Descendants("reg").Any(register => register.Attribute("name")!.Value == "rax"));
        Assert.Equal(is64Bit ? [6, 7, 16] : new byte[] { 5, 4, 8 }, LinuxTarget.ExpeditedRegisters(ref program.Target, program.First).ToArray());
        Assert.Null(TryRead(program, ObjectKind.Features, "64bit-core.xml"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_auxiliary_vector_is_the_kernels(bool is64Bit)
    {
        using TracedProgram program = new("libraries", is64Bit ? [] : s_flags32, []);
        Assert.Equal(File.ReadAllBytes($"/proc/{program.Id}/auxv"), TryRead(program, ObjectKind.Auxv, ""));
    }

    [Fact]
    public void The_path_of_a_program_is_told_for_the_current_process_and_by_number()
    {
        using TracedProgram program = new("libraries");
        byte[] path = Encoding.UTF8.GetBytes(TraceeBuilder.Build("libraries"));
        Assert.Equal(path, TryRead(program, ObjectKind.ExecFile, ""));
        Assert.Equal(path, TryRead(program, ObjectKind.ExecFile, $"{program.Id:x}"));
        Assert.Equal(Encoding.UTF8.GetBytes(Environment.ProcessPath!), TryRead(program, ObjectKind.ExecFile, $"{Environment.ProcessId:x}"));
        Assert.Null(TryRead(program, ObjectKind.ExecFile, "7fffffff"));
        Assert.Null(TryRead(program, ObjectKind.ExecFile, "x"));
        byte[] text = new byte[200];
        Assert.StartsWith("there is no process x", Encoding.UTF8.GetString(text, 0, LinuxTarget.LastError(ref program.Target, text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Signal_information_has_the_layout_of_the_program_and_can_be_changed(bool is64Bit)
    {
        using TracedProgram program = new("libraries", is64Bit ? [] : s_flags32, []);
        program.RunToLine();
        _ = TestLibc.Kill(program.Id, 10);
        program.WaitForStop();
        byte[] signal = TryRead(program, ObjectKind.SignalInfo, "")!;
        int sender = is64Bit ? 16 : 12;
        Assert.Equal(128, signal.Length);
        Assert.Equal((10, 0, Environment.ProcessId), (Number(signal, 0), Number(signal, 8), Number(signal, sender)));

        BitConverter.GetBytes(4711).CopyTo(signal, sender);
        Assert.Equal(4, LinuxTarget.WriteObject(ref program.Target, program.First, ObjectKind.SignalInfo, [], (ulong)sender, signal.AsSpan(sender, 4)));
        Assert.Equal(signal, TryRead(program, ObjectKind.SignalInfo, ""));
        Assert.Equal(-1, LinuxTarget.WriteObject(ref program.Target, program.First, ObjectKind.SignalInfo, [], 126, signal.AsSpan(0, 4)));
        Assert.Equal(-1, LinuxTarget.WriteObject(ref program.Target, program.First, ObjectKind.Auxv, [], 0, signal.AsSpan(0, 4)));
    }

    [Fact]
    public void Later_pieces_come_from_the_picture_of_the_first()
    {
        using TracedProgram program = new("libraries");
        byte[] early = Encoding.UTF8.GetBytes(ReadXml(program, ObjectKind.LibrariesSvr4, "").ToString());
        program.RunToAddress();
        program.Interrupt();
        byte[] into = new byte[4096];
        Assert.Equal(0, LinuxTarget.ReadObject(ref program.Target, program.First, ObjectKind.LibrariesSvr4, [], 4000, into));
        Assert.InRange(LinuxTarget.ReadObject(ref program.Target, program.First, ObjectKind.LibrariesSvr4, [], 10, into), 1, early.Length);
        Assert.Equal(4096, LinuxTarget.ReadObject(ref program.Target, program.First, ObjectKind.Features, "target.xml"u8, 0, into));
        Assert.True(LinuxTarget.ReadObject(ref program.Target, program.First, ObjectKind.LibrariesSvr4, [], 0, into) > early.Length);
    }

    private static int Number(byte[] bytes, int offset) => BitConverter.ToInt32(bytes, offset);

    private static ulong Address(XElement element, string name) =>
        ulong.Parse(element.Attribute(name)!.Value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Names(List<XElement> libraries, string linkNamespace) =>
        libraries.Where(l => l.Attribute("lmid")!.Value == linkNamespace).Select(l => Path.GetFileName(l.Attribute("name")!.Value));

    private static string StartsOf(int process, string file) =>
        string.Join(' ', File.ReadLines($"/proc/{process}/maps").Where(line => line.Contains(file, StringComparison.Ordinal)).Select(line => line.Split(' ')[0]));

    private static XElement ReadXml(TracedProgram program, ObjectKind kind, string annex) =>
        XDocument.Parse(Encoding.UTF8.GetString(TryRead(program, kind, annex)!).Replace("<!DOCTYPE target SYSTEM \"gdb-target.dtd\">", "", StringComparison.Ordinal)).Root!;

    // In pieces of a size that divides nothing.
    private static byte[]? TryRead(TracedProgram program, ObjectKind kind, string annex)
    {
        List<byte> all = [];
        byte[] piece = new byte[101];
        int count;
        while ((count = LinuxTarget.ReadObject(ref program.Target, program.First, kind, Encoding.UTF8.GetBytes(annex), (ulong)all.Count, piece)) > 0)
        {
            all.AddRange(piece.AsSpan(0, count));
        }

        return count < 0 ? null : [.. all];
    }
}
