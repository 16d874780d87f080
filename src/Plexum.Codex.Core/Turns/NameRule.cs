using System.Buffers;

namespace Plexum.Codex.Turns;

/// <summary>The rule for names that become directory names and actor names.</summary>
internal static class NameRule
{
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    );

    public static bool Holds(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxLength
        && !name.ContainsAnyExcept(Allowed)
        && !name.SequenceEqual(".")
        && name.IndexOf("..", StringComparison.Ordinal) < 0;
}
