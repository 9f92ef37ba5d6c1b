namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>A line of the tables.</summary>
internal class SystemCall(int number, string name, Argument[] arguments, bool isPartlyKnown = false)
{
    public int Number { get; } = number;

    public string Name { get; } = name;

    /// <summary>What the arguments are, unless an operation says otherwise.</summary>
    public Argument[] Arguments { get; } = arguments;

    public SystemCallClass Class { get; init; }

    /// <summary>Structures it takes may hold addresses that the table doesn't know.</summary>
    public bool IsPartlyKnown { get; } = isPartlyKnown;

    /// <summary>The argument that selects the operation, and which of its bits.</summary>
    public byte Selector { get; init; }

    public ulong SelectorMask { get; init; } = uint.MaxValue;

    public CallOperation[] Operations { get; init; } = [];

    /// <summary>The call that does the same with a vector in the place of buffer and length; 0 if there is none.</summary>
    public int VectorTwin { get; init; }

    /// <summary>The call that does the same with a message; 0 if there is none.</summary>
    public int MessageTwin { get; init; }

    public virtual Argument[] ArgumentsFor(in CallArguments given)
    {
        if (Operations.Length == 0)
        {
            return Arguments;
        }

        ulong operation = given[Selector] & SelectorMask;
        foreach (CallOperation candidate in Operations)
        {
            if (candidate.Number == operation)
            {
                return candidate.Arguments;
            }
        }

        return Arguments;
    }
}
