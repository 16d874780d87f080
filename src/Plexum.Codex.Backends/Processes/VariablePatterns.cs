using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Plexum.Codex.Processes;

/// <summary>
/// Names of environment variables, as patterns: <c>*</c> is any text, <c>?</c> any one character, and case does not matter. That is how
/// codex reads <c>shell_environment_policy.exclude</c>, which takes everything else, also <c>[…]</c>, literally and without a word
/// (measured on 0.169.0 and 0.171.0).
/// </summary>
public sealed class VariablePatterns
{
    private VariablePatterns(ImmutableArray<string> texts) => Texts = texts;

    /// <summary>No name at all.</summary>
    public static VariablePatterns None { get; } = new([]);

    /// <summary>The patterns as they were given.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>Takes patterns.</summary>
    /// <exception cref="ArgumentException">One is not understood; the message is a sentence.</exception>
    public static VariablePatterns Of(params ImmutableArray<string> texts) =>
        texts.Select(WhyNot).FirstOrDefault(problem => problem is not null) is { } first
            ? throw new ArgumentException(first, nameof(texts))
            : new VariablePatterns(texts);

    /// <summary>These patterns and more.</summary>
    /// <exception cref="ArgumentException">One is not understood; the message is a sentence.</exception>
    public VariablePatterns And(ImmutableArray<string> more) => Of([.. Texts.Union(more, StringComparer.Ordinal)]);

    /// <summary>Why a text is not understood as a pattern, as a sentence; null if it is.</summary>
    public static string? WhyNot(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? "An empty pattern matches no variable; remove it."
            : text.All(IsUnderstood) ? null
            : $"The pattern \"{text}\" is not understood: a name may have letters, digits, _, . and -, and besides them * stands for any "
                + "text and ? for any one character.";
    }

    /// <summary>Whether a variable of this name is meant.</summary>
    public bool Match(string name) => Texts.Any(text => FileSystemName.MatchesSimpleExpression(text, name, ignoreCase: true));

    private static bool IsUnderstood(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '*' or '?';
}
