using System.Diagnostics.CodeAnalysis;

namespace Plexum.Codex.Turns;

/// <summary>The name of one turn. It obeys the rule of <see cref="AgentId"/>, since a turn has a directory too.</summary>
public readonly record struct TurnId
{
    private readonly string? _value;

    private TurnId(string value) => _value = value;

    /// <summary>The name itself.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names no turn.</exception>
    public string Value => _value
        ?? throw new InvalidOperationException("A turn id was used that was never set; make one with TurnId.New or TurnId.Parse.");

    /// <summary>A new id. Ids made later sort behind earlier ones (a version 7 UUID, 32 hexadecimal digits).</summary>
    public static TurnId New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new TurnId(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
    }

    /// <summary>Checks a name; false for one that is no turn id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TurnId id)
    {
        var valid = NameRule.Holds(text);
        id = valid ? new TurnId(text!) : default;
        return valid;
    }

    /// <summary>Checks a name.</summary>
    /// <exception cref="FormatException">The text is no turn id; the message says what one looks like.</exception>
    public static TurnId Parse(string? text) => TryParse(text, out var id)
        ? id
        : throw new FormatException(
            $"\"{text}\" is no turn id: take 1 to {NameRule.MaxLength} letters, digits, dots, underscores or dashes, without \"..\".");

    /// <summary>The name, or <c>(none)</c> for <c>default</c>.</summary>
    public override string ToString() => _value ?? "(none)";
}
