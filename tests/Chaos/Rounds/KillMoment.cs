namespace Plexum.Codex.Chaos.Rounds;

/// <summary>When in a turn something is killed.</summary>
public enum KillMoment
{
    /// <summary>An app-server starts for the turn.</summary>
    Starting,

    /// <summary>The app-server, which stands still, was asked for the turn's thread.</summary>
    Opening,

    /// <summary>The turn is on record, and the app-server stands still before or after it was asked to start it.</summary>
    Begun,

    /// <summary>The model has written half of its message.</summary>
    Writing,

    /// <summary>A command runs.</summary>
    Command,

    /// <summary>Codex waits for the answer to a question.</summary>
    Question,

    /// <summary>Codex waits for the answer of a host's tool.</summary>
    Tool,

    /// <summary>The model has answered: the turn ends, or its rollout is read.</summary>
    Ending,

    /// <summary>The app-server lets go of a thread with which codex exec is to go on.</summary>
    Unloading,

    /// <summary>The turn has just ended.</summary>
    Between,
}
