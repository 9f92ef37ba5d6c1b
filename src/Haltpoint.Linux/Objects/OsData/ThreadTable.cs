namespace Haltpoint.Linux.Objects.OsData;

internal static class ThreadTable
{
    public static byte[] Read()
    {
        OsDataTable table = new("threads");
        foreach (ProcEntry process in ProcEntry.Processes())
        {
            string name = process.Name;
            foreach (ProcEntry thread in process.Threads())
            {
                table.Row()
                    .Column("pid", process.Id)
                    .Column("command", name)
                    .Column("tid", thread.Id)
                    .Column("core", thread.Processor)
                    .EndRow();
            }
        }

        return table.ToBytes();
    }
}
