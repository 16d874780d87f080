using Plexum.Codex.Client;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Ids;

/// <summary>Finds the turn that a command is given: by its id, by the beginning of its id, or as the last one.</summary>
internal static class TurnIds
{
    // The ids that this program makes.
    private const int WholeLength = 32;
    private const int MaxCandidates = 20;

    /// <summary>Finds it.</summary>
    /// <param name="daemon">The daemon, which knows all turns.</param>
    /// <param name="text">What the command was given.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The turn; a whole id is not looked up, and may name none.</returns>
    /// <exception cref="CodexException">It is no turn id, or fits several turns; the message lists them.</exception>
    public static async Task<TurnId> FindAsync(DaemonClient daemon, string? text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        if (text == Prefixes.Last)
        {
            var newest = await daemon.TurnsAsync(null, null, 1, cancellationToken).ConfigureAwait(false);
            return newest.Turns is [var last, ..]
                ? TurnId.Parse(last.TurnId)
                : throw new CodexException("There has been no turn yet, so there is no last one.");
        }

        if (!TurnId.TryParse(text, out var given))
        {
            throw new CodexException($"\"{text}\" is not a turn id; \"plexum-codex turns\" lists all turns.");
        }

        if (IsWhole(given.Value))
        {
            return given;
        }

        var turns = (await daemon.TurnsFromAsync(given, MaxCandidates, cancellationToken).ConfigureAwait(false)).ToDictionary(turn =>
            turn.TurnId
        );
        return Prefixes.Find("turn ids", given.Value, turns.Keys, Describe) is { } found ? TurnId.Parse(found) : given;

        string Describe(string id) => $"{turns[id].AgentId}, {TurnTexts.State(turns[id])}, {TurnTexts.At(turns[id].AcceptedAt)}";
    }

    private static bool IsWhole(string id) => id.Length == WholeLength && id.All(char.IsAsciiHexDigit);
}
