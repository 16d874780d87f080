using System.Text.Json.Nodes;
using Plexum.Codex.Options;

namespace Plexum.Codex.Chaos.Rounds;

/// <summary>What is wrong with a turn that has ended.</summary>
/// <param name="codex">The codex.</param>
/// <param name="turn">The turn.</param>
/// <param name="mayBeLost">Whether the app-server that may have had it was killed.</param>
internal sealed class TurnVerdict(IRoundsCodex codex, RoundTurn turn, bool mayBeLost)
{
    private TurnReader Reader => turn.Reader;

    private bool IsRetryable => (bool?)Reader.Error?["retryable"] == true;

    /// <summary>Looks at the turn alone, as it was read while it ran, and as a later reader gets it.</summary>
    public IEnumerable<string> Faults(TurnReader later, JsonObject recorded) =>
        Reader
            .Faults.Concat(later.Faults)
            .Concat(OfEnd(recorded))
            .Concat(OfText(Reader.Texts))
            .Concat(OfRuns())
            .Concat(OfCalls())
            .Concat(OfActivities())
            .Concat(OfQuestions())
            .Concat(OfLater(later))
            .Select(fault => $"{turn.Name} ({turn.Id}, {turn.Plan.Backend.ToWireName()}): {fault}");

    private IEnumerable<string> OfEnd(JsonObject recorded)
    {
        var end = (Reader.StopReason, Code: (string?)Reader.Error?["code"]);
        var isLost = end is ("error", "app_server_lost");
        if (end is not ("end_turn", null) && !(isLost && mayBeLost))
        {
            yield return $"it ended with {end.StopReason} {Reader.Error?.ToJsonString()}";
        }

        // A command that only asked whether it may run has done nothing.
        if (mayBeLost && turn.IsMidway && (!isLost || (IsRetryable && turn.Plan.Kind != KillMoment.Question)))
        {
            yield return $"it was in the middle of its work and ended with {end.StopReason} {Reader.Error?.ToJsonString()}";
        }

        if ((string?)recorded["state"] != "ended" || (string?)recorded["stop_reason"] != Reader.StopReason)
        {
            yield return $"the ledger says {recorded.ToJsonString()}";
        }

        if (Named("message_start").FirstOrDefault()?["backend"] is { } backend && (string?)backend != turn.Plan.Backend.ToWireName())
        {
            yield return $"it ran with {backend}";
        }
    }

    private IEnumerable<string> OfText(List<string> texts)
    {
        var answer = codex.AnswerOf(turn.Name);
        var isRight =
            Reader.StopReason == "end_turn"
                ? texts.SequenceEqual(answer)
                : texts.Count <= 1 && texts.TrueForAll(text => answer[0].StartsWith(text, StringComparison.Ordinal));
        if (!isRight || Named("notice").Any(notice => (string?)notice["code"] == "text_discarded"))
        {
            yield return $"after {Reader.StopReason} its texts are {string.Join(" | ", texts)}";
        }
    }

    // The same turn may be sent again where it did nothing: it called nothing and said nothing.
    private IEnumerable<string> OfRuns()
    {
        var runs = codex.RunsOf(turn.Name);
        if (runs > 1 || (runs == 0 && Reader.StopReason == "end_turn"))
        {
            yield return $"it ran {runs} times";
        }

        if (IsRetryable && (Reader.Texts.Count > 0 || Named("tool_call").Any() || Named("activity").Any()))
        {
            yield return "it may be sent again, although something was done";
        }
    }

    private IEnumerable<string> OfCalls()
    {
        var calls = Named("tool_call").Select(call => (string)call["id"]!).ToList();
        var results = Named("tool_result").Select(result => (string)result["id"]!).ToList();
        if (calls.Count != calls.Distinct().Count() || results.Count != results.Distinct().Count() || results.Except(calls).Any())
        {
            yield return $"its calls are {string.Join(", ", calls)}, and its results {string.Join(", ", results)}";
        }

        var expected = codex.CallsOf(turn.Name);
        if (Reader.StopReason == "end_turn" && (calls.Count, results.Count) != (expected, expected))
        {
            yield return $"it has {calls.Count} calls and {results.Count} results";
        }
    }

    private IEnumerable<string> OfActivities() =>
        Named("activity")
            .Where(activity => (string?)activity["phase"] is "started" or "completed")
            .CountBy(activity => $"{(string?)activity["item"]?["id"]} {(string?)activity["phase"]}")
            .Where(told => told.Value > 1)
            .Select(told => $"{told.Key} was told {told.Value} times");

    private IEnumerable<string> OfQuestions()
    {
        var asked = Named("approval_request").Select(question => (string)question["id"]!).ToList();
        var answered = Named("approval_answer").Select(answer => (string)answer["id"]!).ToList();
        var isWhole = Reader.StopReason != "end_turn" || turn.Plan.Kind != KillMoment.Question || asked.Count == 1;
        if (!isWhole || asked.Count > 1 || !asked.SequenceEqual(answered))
        {
            yield return $"it asked {string.Join(", ", asked)} and was answered {string.Join(", ", answered)}";
        }
    }

    private IEnumerable<string> OfLater(TurnReader later)
    {
        if (!later.Texts.SequenceEqual(Reader.Texts) || !later.Others.Select(Data).SequenceEqual(Reader.Others.Select(Data)))
        {
            yield return $"a later reader gets {string.Join(" | ", later.Texts)} and {string.Join('\n', later.Others.Select(Data))}\n"
                + $"instead of {string.Join(" | ", Reader.Texts)} and {string.Join('\n', Reader.Others.Select(Data))}";
        }
    }

    private IEnumerable<JsonObject> Named(string type) => Reader.Others.Where(value => value.Type == type).Select(value => value.Json);

    private static string Data(SseEvent value) => value.Data;
}
