using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Plexum.Codex.Host.Logging;

/// <summary>
/// A template of Serilog's made from one with numbers, as actors log: <c>workspace={0}</c> becomes the property
/// <c>workspace</c>, a number without a name before it <c>arg0</c>. Formats, as in <c>{0:0.0}</c>, stay.
/// </summary>
/// <param name="Text">Serilog's template.</param>
/// <param name="Order">Which argument each hole takes.</param>
internal sealed partial record LogTemplate(string Text, ImmutableArray<int> Order)
{
    public static LogTemplate Of(string numbered)
    {
        var order = ImmutableArray.CreateBuilder<int>();
        var text = Hole().Replace(numbered, hole =>
        {
            var index = hole.Groups["index"].Value;
            order.Add(int.Parse(index, System.Globalization.CultureInfo.InvariantCulture));
            var format = hole.Groups["format"].Value;
            return hole.Groups["name"] is { Success: true, Value: var name } ? $"{name}={{{name}{format}}}" : $"{{arg{index}{format}}}";
        });
        return new LogTemplate(text, order.ToImmutable());
    }

    /// <summary>The arguments in the order of the holes; null when there are fewer than the template needs.</summary>
    public object?[]? Arrange(IReadOnlyList<object?> arguments) =>
        Order.All(index => index < arguments.Count) ? [.. Order.Select(index => arguments[index])] : null;

    [GeneratedRegex(@"(?:(?<name>[A-Za-z_]\w*)=)?(?<!\{)\{(?<index>\d{1,4})(?<format>:[^{}]+)?\}")]
    private static partial Regex Hole();
}
