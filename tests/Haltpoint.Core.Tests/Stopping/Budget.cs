namespace Haltpoint.Core.Tests.Stopping;

/// <summary>How often each thing that nobody in the machine decides may still happen.</summary>
internal struct Budget
{
    public int Hits;
    public int Steps;
    public int Lingers;
    public int HandOvers;
    public int TimeUps;
    public int Deaths;
    public int Changes;
    public int Removals;
    public int BreakIns;
    public int Reentries;
}
