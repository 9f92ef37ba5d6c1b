using System;
using System.Threading.Tasks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Haltpoint.Cli.Output;

/// <summary>A picture on the terminal that is drawn anew again and again.</summary>
internal static class TerminalPicture
{
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows it until <paramref name="end"/> is over, then takes it away.</summary>
    public static void Show(Task end, Func<IRenderable> draw)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Live(draw()).AutoClear(true).Start(context =>
        {
            do
            {
                context.UpdateTarget(draw());
            }
            while (!Wait(end));
        });
    }

    /// <param name="rightAligned">How many columns, from the first on, hold numbers.</param>
    /// <param name="columns">Their names.</param>
    public static Table CreateTable(int rightAligned, params ReadOnlySpan<string> columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        for (int i = 0; i < columns.Length; i++)
        {
            TableColumn column = new(new Text(columns[i]));
            table.AddColumn(i < rightAligned ? column.RightAligned() : column);
        }

        return table;
    }

    private static bool Wait(Task end)
    {
        try
        {
            return end.Wait(s_frame);
        }
        catch (AggregateException)
        {
            return true; // Whoever awaits it gets the error.
        }
    }
}
