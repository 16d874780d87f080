using System.Diagnostics.CodeAnalysis;

namespace Plexum.Codex.Turns;

/// <summary>
/// The id of a codex thread, always a UUID. It must be checked before use: given anything else, <c>codex exec resume</c> starts
/// a new thread and exits with 0 (measured on 0.169.0).
/// </summary>
public readonly record struct ThreadId
{
    private ThreadId(Guid value) => Value = value;

    /// <summary>The UUID; all zeros for <c>default</c>, which names no thread.</summary>
    public Guid Value { get; }

    /// <summary>Parses a UUID of 36 characters, in either case; false for anything else and for the all-zero UUID.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ThreadId id) => TryParse(text.AsSpan(), out id);

    /// <inheritdoc cref="TryParse(string?, out ThreadId)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out ThreadId id)
    {
        var valid = text.Length == 36 && Guid.TryParseExact(text, "D", out var value) && value != Guid.Empty;
        id = valid ? new ThreadId(Guid.ParseExact(text, "D")) : default;
        return valid;
    }

    /// <summary>Parses a UUID of 36 characters.</summary>
    /// <exception cref="FormatException">The text is not a valid thread id.</exception>
    public static ThreadId Parse(string? text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException(
                $"\"{text}\" is not a codex thread id, which is a UUID such as 019a0000-0000-7000-8000-000000000000."
            );

    /// <summary>The UUID in lower case, as codex writes it.</summary>
    public override string ToString() => Value.ToString("D");
}
