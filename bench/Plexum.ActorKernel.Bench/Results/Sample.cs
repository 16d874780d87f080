using System.Text.Json.Serialization;

namespace Plexum.ActorKernel.Bench.Results;

/// <summary>The values of one figure, one from each process.</summary>
internal sealed record Sample(string Name, string Unit, IReadOnlyList<double> Values)
{
    [JsonIgnore]
    public double Median
    {
        get
        {
            var sorted = Values.Order().ToArray();
            var middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    [JsonIgnore]
    public bool MoreIsBetter => Unit.EndsWith("/s", StringComparison.Ordinal);

    /// <summary>The median, with the smallest and the largest value in brackets where there are several.</summary>
    public override string ToString() => Values.Count == 1
        ? $"{Quantity.Of(Median)} {Unit}"
        : $"{Quantity.Of(Median)} {Unit} ({Quantity.Of(Values.Min())}–{Quantity.Of(Values.Max())})";
}
