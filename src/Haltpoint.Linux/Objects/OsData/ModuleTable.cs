namespace Haltpoint.Linux.Objects.OsData;

internal static class ModuleTable
{
    // name size uses dependencies state address
    public static byte[] Read()
    {
        OsDataTable table = new("modules");
        foreach (string[] words in ProcLines.Words("/proc/modules", 0, 6))
        {
            table.Row()
                .Column("name", words[0])
                .Column("size", words[1])
                .Column("num uses", words[2])
                .Column("dependencies", words[3])
                .Column("status", words[4])
                .Column("address", words[5])
                .EndRow();
        }

        return table.ToBytes();
    }
}
