using System.Diagnostics.CodeAnalysis;

namespace Plexum.Codex.Turns;

/// <summary>
/// The id of a codex thread, always a UUID. It has to be checked before it is used: <c>codex exec resume</c> with anything
/// else answers with exit 0 and a new thread (measured on 0.169.0).
/// </summary>
public readonly record struct ThreadId
{
    private ThreadId(Guid value) => Value = value;

    /// <summary>The UUID; all zeros for <c>default</c>, which is no thread.</summary>
    public Guid Value { get; }

    /// <summary>Reads a UUID in its 36 character form, in either case; false for anything else and for the UUID of zeros.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ThreadId id) => TryParse(text.AsSpan(), out id);

    /// <inheritdoc cref="TryParse(string?, out ThreadId)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out ThreadId id)
    {
        var valid = text.Length == 36 && Guid.TryParseExact(text, "D", out var value) && value != Guid.Empty;
        id = valid ? new ThreadId(Guid.ParseExact(text, "D")) : default;
        return valid;
    }

    /// <summary>Reads a UUID in its 36 character form.</summary>
    /// <exception cref="FormatException">The text is no UUID.</exception>
    public static ThreadId Parse(string? text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"\"{text}\" is no codex thread id; one is a UUID like 019a0000-0000-7000-8000-000000000000.");

    /// <summary>The UUID in lower case, as codex writes it.</summary>
    public override string ToString() => Value.ToString("D");
}
