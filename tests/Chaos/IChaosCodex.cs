namespace Plexum.Codex.Chaos;

/// <summary>The codex that a run is made with.</summary>
public interface IChaosCodex
{
    /// <summary>The executable.</summary>
    string Binary { get; }

    /// <summary>What the daemon must find in its environment.</summary>
    IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>What the environment of a daemon has that runs it.</summary>
    /// <param name="profile">The daemon's profile.</param>
    IEnumerable<KeyValuePair<string, string?>> Environment(string profile) =>
        Variables
            .Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value))
            .Append(KeyValuePair.Create("PLEXUM_PROFILE_ROOT", (string?)profile))
            .Append(KeyValuePair.Create("PLEXUM_CODEX_BINARY", (string?)Binary));

    /// <summary>How many events a turn has, roughly; it only decides when the daemon is killed.</summary>
    int EventsOfTurn { get; }

    /// <summary>What a turn is to be asked.</summary>
    string PromptOf(string name);

    /// <summary>What a turn is to answer: the texts of its events.</summary>
    IReadOnlyList<string> AnswerOf(string name);

    /// <summary>How often a turn has been run.</summary>
    int RunsOf(string name);
}
