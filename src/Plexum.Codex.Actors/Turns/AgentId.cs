using System.Diagnostics.CodeAnalysis;

namespace Plexum.Codex.Turns;

/// <summary>
/// The name of an agent: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>, never <c>.</c> alone and never with <c>..</c> in it,
/// so that it is safe as the name of a directory. Names that differ in case are different agents.
/// </summary>
public readonly record struct AgentId
{
    private readonly string? _value;

    private AgentId(string value) => _value = value;

    /// <summary>The name itself.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names no agent.</exception>
    public string Value => _value
        ?? throw new InvalidOperationException("An agent id was used that was never set; make one with AgentId.Parse.");

    /// <summary>Checks a name; false for one that is no agent id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AgentId id)
    {
        var valid = NameRule.Holds(text);
        id = valid ? new AgentId(text!) : default;
        return valid;
    }

    /// <summary>Checks a name.</summary>
    /// <exception cref="FormatException">The text is no agent id; the message says what one looks like.</exception>
    public static AgentId Parse(string? text) => TryParse(text, out var id)
        ? id
        : throw new FormatException(
            $"\"{text}\" is no agent id: take 1 to {NameRule.MaxLength} letters, digits, dots, underscores or dashes, without \"..\".");

    /// <summary>The name, or <c>(none)</c> for <c>default</c>.</summary>
    public override string ToString() => _value ?? "(none)";
}
