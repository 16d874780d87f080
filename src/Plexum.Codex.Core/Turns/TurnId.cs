using System.Diagnostics.CodeAnalysis;

namespace Plexum.Codex.Turns;

/// <summary>The name of one turn. It follows the rule of <see cref="AgentId"/>, since it also names a directory.</summary>
public readonly record struct TurnId
{
    private readonly string? _value;

    private TurnId(string value) => _value = value;

    /// <summary>The name itself.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names no turn.</exception>
    public string Value =>
        _value ?? throw new InvalidOperationException("This turn id was never set; create one with TurnId.New or TurnId.Parse.");

    /// <summary>Creates a new id, a version 7 UUID in 32 hexadecimal digits. Later ids sort after earlier ones.</summary>
    public static TurnId New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new TurnId(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
    }

    /// <summary>Parses a turn id; false if the text is not a valid one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TurnId id)
    {
        var valid = NameRule.Holds(text);
        id = valid ? new TurnId(text!) : default;
        return valid;
    }

    /// <summary>Parses a turn id.</summary>
    /// <exception cref="FormatException">The text is not a valid turn id; the message describes a valid one.</exception>
    public static TurnId Parse(string? text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException(
                $"\"{text}\" is not a valid turn id: use 1 to {NameRule.MaxLength} letters, digits, dots, underscores or dashes, no \"..\"."
            );

    /// <summary>The name, or <c>(none)</c> for <c>default</c>.</summary>
    public override string ToString() => _value ?? "(none)";
}
