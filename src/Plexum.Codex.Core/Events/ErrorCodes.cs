namespace Plexum.Codex.Events;

/// <summary>Codes of <see cref="CanonicalEvent.Error"/> that other parts of the program recognise.</summary>
public static class ErrorCodes
{
    /// <summary>Codex finished the turn, but its last message could not be read from anywhere.</summary>
    public const string AnswerMissing = "answer_missing";
}
