using System.Globalization;

namespace Plexum.Codex.Chaos.Rounds;

/// <summary>The names of turns, which say how they go.</summary>
internal static class TurnNames
{
    private const int Words = 60;

    /// <summary>The name of a turn.</summary>
    /// <param name="round">Its round.</param>
    /// <param name="agent">Its agent.</param>
    /// <param name="part">What tells it from the agent's other turns of the round.</param>
    /// <param name="kind">Where it waits.</param>
    public static string Of(int round, string agent, string part, KillMoment kind) =>
        string.Create(CultureInfo.InvariantCulture, $"r{round}-{agent}-{part}.{kind}");

    /// <summary>Where a turn waits.</summary>
    public static KillMoment KindOf(string name) => Enum.Parse<KillMoment>(name[(name.LastIndexOf('.') + 1)..]);

    /// <summary>What a turn answers: a text of which no two pieces are the same.</summary>
    public static string AnswerOf(string name) => $"{name} {string.Join(' ', Enumerable.Range(1, Words))}";

    /// <summary>The file that a turn makes in its workspace when it waits.</summary>
    public static string HereFile(string name) => $"here-{name}";

    /// <summary>The file for which it waits.</summary>
    public static string GoFile(string name) => $"go-{name}";
}
