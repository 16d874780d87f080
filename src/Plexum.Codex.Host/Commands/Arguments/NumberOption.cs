using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Plexum.Codex.Host.Rendering;

namespace Plexum.Codex.Host.Commands.Arguments;

/// <summary>
/// Options with a whole number. System.CommandLine's own conversion fails inside the parser where a validator asks for a value that is no
/// number (tried with 3.0.0).
/// </summary>
internal static class NumberOption
{
    private const int MaxShown = 60;

    /// <summary>Creates one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="otherwise">Its value if it is not given.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="aliases">Its other names.</param>
    public static Option<T> Create<T>(string name, string description, T otherwise, T min, T max, params string[] aliases)
        where T : struct, IBinaryInteger<T> =>
        new(name, aliases)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => otherwise,
            CustomParser = given => Parse(given, name, min, max),
        };

    private static T Parse<T>(ArgumentResult given, string name, T min, T max)
        where T : struct, IBinaryInteger<T>
    {
        var text = given.Tokens is [var token] ? token.Value : "";
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        given.AddError(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name} must be a whole number from {min} to {max}, not \"{Consoles.OneLine(text, MaxShown)}\"."
            )
        );
        return default;
    }
}
