using System;

namespace Haltpoint.Cli.Commands;

/// <summary>An option that makes no sense; its message is one line that says what would.</summary>
internal sealed class OptionException(string message) : Exception(message);
