using System.Runtime.CompilerServices;

namespace Haltpoint.Core.Tests.Rsp;

/// <summary>Makes no text at all when the machine keeps no log, so that a test can see that nothing else allocates.</summary>
[InterpolatedStringHandler]
internal ref struct NoteText
{
    private DefaultInterpolatedStringHandler _text;

    public NoteText(int literalLength, int formattedCount, FakeMachine machine, out bool isWanted)
    {
        isWanted = machine.Log is not null;
        _text = isWanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

    public override string ToString() => _text.ToStringAndClear();
}
