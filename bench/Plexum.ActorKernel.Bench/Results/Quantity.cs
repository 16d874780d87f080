using System.Globalization;

namespace Plexum.ActorKernel.Bench.Results;

/// <summary>Writes numbers with as many digits as a reader needs.</summary>
internal static class Quantity
{
    public static string Of(double value) => value switch
    {
        >= 1e6 => Text(value / 1e6, "0.0") + " M",
        >= 1e4 => Text(value / 1e3, "0.0") + " k",
        >= 100 => Text(value, "#,0"),
        >= 1 => Text(value, "0.0"),
        < 0.05 and > -0.05 => "0",
        _ => Text(value, "0.00"),
    };

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
