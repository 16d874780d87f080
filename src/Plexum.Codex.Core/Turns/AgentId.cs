using System.Diagnostics.CodeAnalysis;

namespace Plexum.Codex.Turns;

/// <summary>
/// The name of an agent: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>, but not <c>.</c> alone and nothing that contains <c>..</c>,
/// so it is safe as a directory name. Names that differ in case are different agents.
/// </summary>
public readonly record struct AgentId
{
    private readonly string? _value;

    private AgentId(string value) => _value = value;

    /// <summary>The name itself.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names no agent.</exception>
    public string Value => _value ?? throw new InvalidOperationException("This agent id was never set; create one with AgentId.Parse.");

    /// <summary>Parses an agent id; false if the text is not a valid one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AgentId id)
    {
        var valid = NameRule.Holds(text);
        id = valid ? new AgentId(text!) : default;
        return valid;
    }

    /// <summary>Parses an agent id.</summary>
    /// <exception cref="FormatException">The text is not a valid agent id; the message describes a valid one.</exception>
    public static AgentId Parse(string? text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException(
                $"\"{text}\" is not a valid agent id: "
                    + $"use 1 to {NameRule.MaxLength} letters, digits, dots, underscores or dashes, no \"..\"."
            );

    /// <summary>The name, or <c>(none)</c> for <c>default</c>.</summary>
    public override string ToString() => _value ?? "(none)";
}
