using System.Text.Json.Serialization;

namespace Haltpoint.Bench;

/// <summary>A measured row: medians, ratios and whether the goals are met; null where there is nothing to say.</summary>
internal sealed record Result(
    string Row, string Unit, double? C, double? Gdbserver, double? Haltpoint, double? Inside,
    double Goal, double? Ratio, double? InsideGoal, double? InsideRatio, string? Problem)
{
    [JsonIgnore]
    public bool IsMet => Problem is null && Ratio <= Goal && (InsideRatio is null || InsideRatio <= InsideGoal);
}
