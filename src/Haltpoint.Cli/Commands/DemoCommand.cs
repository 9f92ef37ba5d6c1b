using System;
using System.CommandLine;
using Haltpoint.Cli.Demo;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint demo</c>: finds who corrupts a record, with stock gdb.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        Command command = new("demo", "Watch a record of a small multi-threaded program with stock gdb, and say who overwrote it.");
        command.SetAction(_ => CorruptionHunt.Run(Console.Out));
        return command;
    }
}
