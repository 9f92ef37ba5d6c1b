using System;
using System.Globalization;

namespace Haltpoint.Linux.PageTraps.OwnMaps;

/// <summary>A line of /proc/PID/smaps below that of a mapping.</summary>
internal readonly record struct MapsField(string Text)
{
    private const string Unit = " kB";
    private const string Flags = "VmFlags:";
    private const string SoftDirty = " sd";

    private ReadOnlySpan<char> Name => Text.AsSpan(0, Text.IndexOf(':') + 1);

    private bool IsAmount => Text.EndsWith(Unit, StringComparison.Ordinal) && !Name.EndsWith("PageSize:");

    private bool IsFlags => Text.StartsWith(Flags, StringComparison.Ordinal);

    private ulong Amount => ulong.TryParse(
        Text.AsSpan(Name.Length, Text.Length - Name.Length - Unit.Length).Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out ulong amount)
        ? amount : 0;

    /// <summary>For a part of the mapping, in KiB: amounts are taken to lie at its beginning, which is exact for a size, for nothing and for all.</summary>
    public MapsField Slice(ulong offset, ulong length)
    {
        if (!IsAmount)
        {
            return this;
        }

        ulong amount = Amount;
        return With(amount <= offset ? 0 : Math.Min(amount - offset, length));
    }

    public bool CanJoin(MapsField next) =>
        IsAmount || Name is "THPeligible:" ? Name.SequenceEqual(next.Name)
        : IsFlags ? WithoutSoftDirty() == next.WithoutSoftDirty()
        : Text == next.Text;

    public MapsField Join(MapsField next)
    {
        if (IsAmount)
        {
            return With(Amount + next.Amount);
        }

        // Of flags, the longer is the one that has the one flag which does not keep mappings apart.
        bool isNext = IsFlags ? next.Text.Length > Text.Length : string.CompareOrdinal(next.Text, Text) > 0;
        return isNext ? next : this;
    }

    private string WithoutSoftDirty() => Text.Replace(SoftDirty, "", StringComparison.Ordinal);

    private MapsField With(ulong amount)
    {
        string digits = amount.ToString(CultureInfo.InvariantCulture);
        int room = Text.Length - Name.Length - Unit.Length;
        return new MapsField(string.Concat(Name, digits.PadLeft(room), Unit));
    }
}
