using System;
using System.Linq;

namespace Haltpoint.Linux.Objects.OsData;

/// <summary>The tables there are, by the names that clients ask for.</summary>
internal static class OsDataTables
{
    private static readonly (string Type, string Title, string Description, Func<byte[]> Read)[] s_tables =
    [
        ("cpus", "CPUs", "Listing of all cpus/cores on the system", CpuTable.Read),
        ("files", "File descriptors", "Listing of all file descriptors", FileTable.Read),
        ("modules", "Kernel modules", "Listing of all loaded kernel modules", ModuleTable.Read),
        ("msg", "Message queues", "Listing of all message queues", IpcTables.ReadMessageQueues),
        ("processes", "Processes", "Listing of all processes", ProcessTable.Read),
        ("procgroups", "Process groups", "Listing of all process groups", ProcessGroupTable.Read),
        ("semaphores", "Semaphores", "Listing of all semaphores", IpcTables.ReadSemaphores),
        ("shm", "Shared-memory regions", "Listing of all shared-memory regions", IpcTables.ReadSharedMemory),
        ("sockets", "Sockets", "Listing of all internet-domain sockets", SocketTable.Read),
        ("threads", "Threads", "Listing of all threads", ThreadTable.Read),
    ];

    /// <param name="type">Empty for the list of tables.</param>
    /// <returns>The table as XML, empty when there is none of that name.</returns>
    public static byte[] Read(string type) =>
        type.Length == 0 ? ReadTypes() : s_tables.FirstOrDefault(table => table.Type == type).Read?.Invoke() ?? [];

    private static byte[] ReadTypes()
    {
        OsDataTable types = new("types");
        foreach ((string type, string title, string description, _) in s_tables)
        {
            types.Row().Column("Type", type).Column("Description", description).Column("Title", title).EndRow();
        }

        return types.ToBytes();
    }
}
