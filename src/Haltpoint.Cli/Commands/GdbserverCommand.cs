using System;
using System.CommandLine;
using Haltpoint.Cli.Gdbserver;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint gdbserver</c>: gdbserver's own command line, messages and exit statuses.</summary>
internal static class GdbserverCommand
{
    /// <summary>For help and completion; <see cref="Program"/> never lets this parser see the verb's arguments.</summary>
    public static Command Create()
    {
        Command command = new("gdbserver", "Take gdbserver's own command line ('haltpoint gdbserver --help').");
        foreach (string option in GdbserverTexts.Options)
        {
            command.Options.Add(new Option<bool>(option));
        }

        return command;
    }

    public static int Run(string[] words)
    {
        GdbserverReply? reply = GdbserverParser.Parse(words, out GdbserverArguments arguments);
        if (reply is not null)
        {
            (reply.IsError ? Console.Error : Console.Out).WriteLine(reply.Text);
            return reply.ExitCode;
        }

        ServerConsole console = new();
        try
        {
            return arguments.IsSelfTest ? SelfTest.Run(arguments.SelfTestFilters) : Serve(arguments);
        }
        catch (ServingException exception)
        {
            console.Print($"{exception.Message}\nExiting");
            return 1;
        }
    }

    private static int Serve(GdbserverArguments arguments)
    {
        if (!ListenAddress.TryParse(arguments.Address!, out ListenAddress? address, out string error))
        {
            throw new ServingException(error);
        }

        using Server server = new(Listener.Open(address!, opensToAll: true), SettingsOf(arguments), arguments.PacketLog);
        LaunchSettings launching = server.Launching;
        launching.Arguments = Words.OwnLast(arguments.Program.Count);
        launching.Wrapper = Words.Bytes(arguments.Wrapper);
        launching.IsThroughShell = arguments.StartsWithShell;
        launching.DisablesRandomization = arguments.DisablesRandomization;
        return arguments switch
        {
            { IsAttach: true } => server.Attach(arguments.Process),
            { Program.Count: > 0 } => server.Launch(),
            _ => server.Serve(),
        };
    }

    private static ServerSettings SettingsOf(GdbserverArguments arguments)
    {
        ServerSettings settings = new()
        {
            IsOnce = arguments.IsOnce,
            DisabledPackets = arguments.DisabledPackets,
        };
        ServerLog log = settings.Log;
        log.HasEvents = arguments.LogsEvents;
        log.HasPackets = arguments.LogsPackets;
        log.HasLoop = arguments.LogsLoop;
        log.HasTime = arguments.LogsTime;
        if (!log.TryRedirect(arguments.DebugFile, out string error))
        {
            new ServerConsole().Print($"Cannot open {arguments.DebugFile} for writing. {error}. Switching to stderr.");
        }

        return settings;
    }
}
