using System.Diagnostics;

namespace Haltpoint.Bench.Watch;

/// <summary>Starts a program that is talked to in lines.</summary>
internal static class Lines
{
    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
}
