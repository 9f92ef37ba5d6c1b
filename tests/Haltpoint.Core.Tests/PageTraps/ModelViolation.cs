using System;

namespace Haltpoint.Core.Tests.PageTraps;

/// <summary>The table said something else than the model.</summary>
internal sealed class ModelViolation(string what) : Exception(what);
