namespace Plexum.Codex.Events;

/// <summary>Codes of <see cref="CanonicalEvent.Error"/> that other parts of the program recognise.</summary>
public static class ErrorCodes
{
    /// <summary>Codex finished the turn, but its last message could not be read from anywhere.</summary>
    public const string AnswerMissing = "answer_missing";

    /// <summary>Codex's app-server died, or could not be reached any more, before the turn was over.</summary>
    public const string AppServerLost = "app_server_lost";
}
