namespace Haltpoint.Linux.Objects.OsData;

internal static class FileTable
{
    public static byte[] Read()
    {
        OsDataTable table = new("files");
        foreach (ProcEntry process in ProcEntry.Processes())
        {
            string name = process.Name;
            foreach ((string number, string target) in process.Files())
            {
                table.Row()
                    .Column("pid", process.Id)
                    .Column("command", name)
                    .Column("file descriptor", number)
                    .Column("name", target)
                    .EndRow();
            }
        }

        return table.ToBytes();
    }
}
