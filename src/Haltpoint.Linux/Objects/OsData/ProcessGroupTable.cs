using System.Collections.Generic;
using System.Linq;

namespace Haltpoint.Linux.Objects.OsData;

internal static class ProcessGroupTable
{
    public static byte[] Read()
    {
        Dictionary<int, ProcEntry> processes = ProcEntry.Processes().ToDictionary(process => process.Id);
        OsDataTable table = new("process groups");
        var members = processes.Values
            .Select(process => (process.Group, Process: process))
            .Where(member => member.Group > 0)
            .OrderBy(member => (member.Group, member.Process.Id != member.Group, member.Process.Id));
        foreach ((int group, ProcEntry process) in members)
        {
            table.Row()
                .Column("pgid", group)
                .Column("leader command", processes.TryGetValue(group, out ProcEntry leader) ? leader.Name : "")
                .Column("pid", process.Id)
                .Column("command line", process.CommandLine)
                .EndRow();
        }

        return table.ToBytes();
    }
}
