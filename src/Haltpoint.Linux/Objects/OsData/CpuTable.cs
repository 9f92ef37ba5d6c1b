using System.IO;

namespace Haltpoint.Linux.Objects.OsData;

internal static class CpuTable
{
    public static byte[] Read()
    {
        OsDataTable table = new("cpus");
        bool inRow = false;
        foreach (string line in File.ReadLines("/proc/cpuinfo"))
        {
            int colon = line.IndexOf(':');
            if (colon < 0)
            {
                continue;
            }

            string name = line[..colon].Trim();
            if (name == "processor")
            {
                if (inRow)
                {
                    table.EndRow();
                }

                table.Row();
                inRow = true;
            }

            if (inRow)
            {
                table.Column(name, line[(colon + 1)..].Trim());
            }
        }

        if (inRow)
        {
            table.EndRow();
        }

        return table.ToBytes();
    }
}
