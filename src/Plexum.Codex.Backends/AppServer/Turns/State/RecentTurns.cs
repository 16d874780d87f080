using System.Text.Json;
using Plexum.Codex.AppServer.Output;

namespace Plexum.Codex.AppServer.Turns.State;

/// <summary>The last turns of a thread, as <c>thread/resume</c> gives them.</summary>
internal static class RecentTurns
{
    /// <summary>
    /// The turn of a record: the one with its id, or, if the program died before it knew that, the one that was begun with the turn's own
    /// id as <c>clientUserMessageId</c>.
    /// </summary>
    /// <param name="turns">The turns; null for none.</param>
    /// <param name="record">The record.</param>
    public static JsonElement? Find(JsonElement? turns, AppServerRecord record)
    {
        if (turns is not { ValueKind: JsonValueKind.Array } list)
        {
            return null;
        }

        foreach (var turn in list.EnumerateArray())
        {
            var isIt = record.ServerTurnId is { } id
                ? turn.TextOf("id") == id
                : turn.ListOf("items").Any(item => item.TextOf("clientId") == record.TurnId);
            if (isIt)
            {
                return turn;
            }
        }

        return null;
    }
}
