using System.Buffers;

namespace Plexum.Codex.Requests;

/// <summary>Turns a host's model id into codex's <c>--model</c>.</summary>
public static class ModelName
{
    /// <summary>The id that leaves the choice to codex.</summary>
    public const string Default = "codex";

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" \t\r\n\v\f\0\"'`$\\;|&<>");

    /// <summary>Finds the value of <c>--model</c>.</summary>
    /// <param name="model">The host's id. Null, empty and <c>codex</c> mean no option, unless they are mapped.</param>
    /// <param name="modelArgs">The setting <c>model_args</c>: the host's ids with codex's names, an empty name for no option.</param>
    /// <param name="value">The value, or null for no option.</param>
    /// <returns>
    /// Why the turn is refused, or null. Ids that could be read as an option are refused, because they come from the request.
    /// </returns>
    public static TurnRefusal? Resolve(string? model, IReadOnlyDictionary<string, string> modelArgs, out string? value)
    {
        ArgumentNullException.ThrowIfNull(modelArgs);
        model ??= "";
        var mapped = modelArgs.TryGetValue(model, out var name);
        value =
            mapped ? name
            : model == Default ? ""
            : model;
        if (string.IsNullOrEmpty(value))
        {
            value = null;
            return null;
        }

        if (!mapped && (value.Length > 128 || value[0] == '-' || value.AsSpan().ContainsAny(Forbidden)))
        {
            value = null;
            return new TurnRefusal(
                TurnRefusalReason.BadModel,
                $"codex: \"{model}\" is not a valid model id; name one of the supported models, or none to let codex choose"
            );
        }

        return null;
    }
}
