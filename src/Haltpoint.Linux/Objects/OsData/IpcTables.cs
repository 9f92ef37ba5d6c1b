using System.IO;

namespace Haltpoint.Linux.Objects.OsData;

/// <summary>System V objects, from /proc/sysvipc.</summary>
internal static class IpcTables
{
    // key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime
    public static byte[] ReadSharedMemory()
    {
        OsDataTable table = new("shared memory");
        foreach (string[] words in ProcLines.Words("/proc/sysvipc/shm", 1, 14))
        {
            table.Row()
                .Column("key", words[0])
                .Column("shmid", words[1])
                .Column("permissions", words[2])
                .Column("size", words[3])
                .Column("creator command", Command(words[4]))
                .Column("last op. command", Command(words[5]))
                .Column("num attached", words[6]);
            Owners(table, words, 7)
                .Time("last shmat() time", words[11])
                .Time("last shmdt() time", words[12])
                .Time("last shmctl() time", words[13])
                .EndRow();
        }

        return table.ToBytes();
    }

    // key semid perms nsems uid gid cuid cgid otime ctime
    public static byte[] ReadSemaphores()
    {
        OsDataTable table = new("semaphores");
        foreach (string[] words in ProcLines.Words("/proc/sysvipc/sem", 1, 10))
        {
            table.Row()
                .Column("key", words[0])
                .Column("semid", words[1])
                .Column("permissions", words[2])
                .Column("num semaphores", words[3]);
            Owners(table, words, 4)
                .Time("last semop() time", words[8])
                .Time("last semctl() time", words[9])
                .EndRow();
        }

        return table.ToBytes();
    }

    // key msqid perms cbytes qnum lspid lrpid uid gid cuid cgid stime rtime ctime
    public static byte[] ReadMessageQueues()
    {
        OsDataTable table = new("message queues");
        foreach (string[] words in ProcLines.Words("/proc/sysvipc/msg", 1, 14))
        {
            table.Row()
                .Column("key", words[0])
                .Column("msqid", words[1])
                .Column("permissions", words[2])
                .Column("num used bytes", words[3])
                .Column("num messages", words[4])
                .Column("last msgsnd() command", Command(words[5]))
                .Column("last msgrcv() command", Command(words[6]));
            Owners(table, words, 7)
                .Time("last msgsnd() time", words[11])
                .Time("last msgrcv() time", words[12])
                .Time("last msgctl() time", words[13])
                .EndRow();
        }

        return table.ToBytes();
    }

    private static OsDataTable Owners(OsDataTable table, string[] words, int first) => table
        .Column("user", Accounts.User(words[first]))
        .Column("group", Accounts.Group(words[first + 1]))
        .Column("creator user", Accounts.User(words[first + 2]))
        .Column("creator group", Accounts.Group(words[first + 3]));

    /// <summary>The name of a process that may be long gone: then its number.</summary>
    private static string Command(string process)
    {
        string directory = "/proc/" + process;
        return Directory.Exists(directory) ? new ProcEntry(directory).Name : process;
    }
}
