using System.Linq;

namespace Haltpoint.Linux.Objects.OsData;

internal static class ProcessTable
{
    public static byte[] Read()
    {
        OsDataTable table = new("processes");
        foreach (ProcEntry process in ProcEntry.Processes())
        {
            table.Row()
                .Column("pid", process.Id)
                .Column("user", Accounts.User(process.User))
                .Column("command", process.CommandLine)
                .Column("cores", string.Join(',', process.Threads().Select(thread => thread.Processor).Where(cpu => cpu >= 0).Distinct().Order()))
                .EndRow();
        }

        return table.ToBytes();
    }
}
