using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using Haltpoint.Linux.Objects;
using Haltpoint.Linux.Objects.OsData;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Objects;

public class OsDataTablesTests
{
    [Fact]
    public void Every_table_of_the_list_can_be_read()
    {
        List<Dictionary<string, string>> types = Rows("");
        Assert.Equal(
            ["cpus", "files", "modules", "msg", "processes", "procgroups", "semaphores", "shm", "sockets", "threads"],
            types.Select(row => row["Type"]));
        foreach (Dictionary<string, string> row in types)
        {
            Rows(row["Type"]);
        }
    }

    [Fact]
    public void A_table_of_another_name_is_empty() => Assert.Empty(OsDataTables.Read("bogus"));

    [Fact]
    public void Processes_and_their_threads_are_listed_with_name_user_and_cpu()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general", "<&\"quoted\">");
        string id = $"{program.Id}";
        Dictionary<string, string> process = Rows("processes").Single(row => row["pid"] == id);
        Assert.EndsWith("registers general <&\"quoted\"> ", process["command"], StringComparison.Ordinal);
        Assert.Equal(Environment.UserName, process["user"]);
        Assert.Matches("^[0-9]+$", process["cores"]);

        Dictionary<string, string> thread = Rows("threads").Single(row => row["tid"] == id);
        Assert.Equal((id, "registers", process["cores"]), (thread["pid"], thread["command"], thread["core"]));

        Dictionary<string, string> member = Rows("procgroups").Single(row => row["pid"] == id);
        Assert.Equal(process["command"], member["command line"]);
        Assert.Equal(member["pgid"], Rows("procgroups").Single(row => row["pid"] == $"{Environment.ProcessId}")["pgid"]);
    }

    [Fact]
    public void Open_files_are_listed_by_process()
    {
        string path = Path.GetTempFileName();
        using (File.OpenRead(path))
        {
            Assert.Contains(Rows("files"), row => row["pid"] == $"{Environment.ProcessId}" && row["name"] == path);
        }

        File.Delete(path);
    }

    [Theory]
    [InlineData("127.0.0.1", "INET")]
    [InlineData("::1", "INET6")]
    public void Sockets_are_listed_with_address_port_and_state(string address, string family)
    {
        IPAddress parsed = IPAddress.Parse(address);
        using TcpListener listener = new(parsed, 0);
        try
        {
            listener.Start();
        }
        catch (SocketException)
        {
            Assert.Skip($"{address} cannot be bound here");
        }

        Dictionary<string, string> row = Rows("sockets").Single(
            row => row["local port"] == $"{((IPEndPoint)listener.LocalEndpoint).Port}" && row["state"] == "LISTEN");
        Assert.Equal((address, family, "STREAM", "0", Environment.UserName),
            (row["local address"], row["family"], row["protocol"], row["remote port"], row["user"]));
    }

    [Fact]
    public void Every_cpu_is_a_row() =>
        Assert.Equal(
            File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal)),
            Rows("cpus").Count);

    [Theory]
    [InlineData("a<b>&\"'c", "a&lt;b&gt;&amp;&quot;&apos;c")]
    [InlineData("tab\tline\n", "tab\tline\n")]
    [InlineData("\0\u0001\u001F\uFFFE\uFFFF", "?????")]
    [InlineData("grüß 𝄞", "grüß 𝄞")]
    public void Text_of_the_outside_world_cannot_break_the_markup(string text, string escaped)
    {
        byte[] bytes = new XmlBuilder().AppendEscaped(text).ToBytes();
        Assert.Equal(escaped, Encoding.UTF8.GetString(bytes));
        XDocument.Parse($"<x>{Encoding.UTF8.GetString(bytes)}</x>");
    }

    private static List<Dictionary<string, string>> Rows(string type) =>
        [.. XDocument.Parse(Encoding.UTF8.GetString(OsDataTables.Read(type))).Root!.Elements("item")
            .Select(item => item.Elements("column").ToDictionary(column => column.Attribute("name")!.Value, column => column.Value))];
}
