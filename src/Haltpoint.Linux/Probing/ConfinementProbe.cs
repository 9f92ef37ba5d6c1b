using System;
using System.IO;

namespace Haltpoint.Linux.Probing;

/// <summary>Whether this process lives in a container, where the processes of the host can't be seen.</summary>
internal static class ConfinementProbe
{
    // PROC_PID_INIT_INO and PROC_USER_INIT_INO (linux/proc_ns.h): the first namespaces of a machine have fixed numbers.
    private const string FirstProcessNamespace = "pid:[4026531836]";
    private const string FirstUserNamespace = "user:[4026531837]";

    public static Finding Look()
    {
        bool hasOwnProcesses = NamespaceOf("pid") != FirstProcessNamespace;
        bool hasOwnUsers = NamespaceOf("user") != FirstUserNamespace;
        string? runtime = Runtime();
        if (!hasOwnProcesses && !hasOwnUsers && runtime is null)
        {
            return new Finding("container", FindingState.Good, "none: all processes of the machine are in sight");
        }

        string name = runtime is null ? "namespaces of its own" : $"inside {runtime}";
        string text = hasOwnProcesses ? "only the processes in here are in sight" : "the machine's processes are in sight";
        string users = hasOwnUsers ? "; a user namespace: capabilities count for processes in here only" : "";
        return new Finding("container", FindingState.Good, $"{name}: {text}{users}");
    }

    private static string? Runtime()
    {
        if (File.Exists("/.dockerenv"))
        {
            return "Docker";
        }

        if (File.Exists("/run/.containerenv"))
        {
            return "Podman";
        }

        return Environment.GetEnvironmentVariable("container");
    }

    private static string? NamespaceOf(string kind) => new FileInfo($"/proc/self/ns/{kind}").LinkTarget;
}
