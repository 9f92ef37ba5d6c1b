namespace Haltpoint.Cli.Trace;

/// <summary>The values of <c>--output</c>.</summary>
internal enum TraceOutput
{
    Table,
    Json,
    Csv,
    Mmiotrace,
    Perfetto,
}
