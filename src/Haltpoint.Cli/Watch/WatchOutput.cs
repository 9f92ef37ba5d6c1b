namespace Haltpoint.Cli.Watch;

/// <summary>The values of <c>--output</c>.</summary>
internal enum WatchOutput
{
    Table,
    Json,
    Csv,
    Folded,
    Speedscope,
    Perfetto,
}
