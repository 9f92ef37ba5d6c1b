using System;

namespace Haltpoint.Bench;

/// <summary>A row that could not be measured; its message is one line for a person.</summary>
internal sealed class BenchException(string message) : Exception(message);
