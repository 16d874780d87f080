namespace Plexum.Codex.Agents.Checks;

/// <summary>What happens to a request whose idempotency key belongs to a turn that was submitted with another request.</summary>
public enum KeyReuse
{
    /// <summary>It is refused: whoever sent it would take the earlier turn's answer for its own.</summary>
    Refuse,

    /// <summary>The answer is the earlier turn, with a warning; the request itself is not run.</summary>
    AnswerFirst,
}
