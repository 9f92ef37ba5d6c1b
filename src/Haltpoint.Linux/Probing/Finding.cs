namespace Haltpoint.Linux.Probing;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">A word or two, stable: programs look for it.</param>
/// <param name="State">How it bears on the work.</param>
/// <param name="Text">What was found, one line.</param>
/// <param name="Fix">The command line or setting that mends it; empty when nothing has to be mended.</param>
public sealed record Finding(string Name, FindingState State, string Text, string Fix = "");
