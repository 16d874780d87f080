using System.Globalization;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Requests;

namespace Plexum.Codex.LoopbackModel.Scripts;

/// <summary>
/// A script given by the prompt itself. If a prompt starts with <c>!</c>, it is a list of directives, one per line; a line without
/// <c>!</c> continues the directive before it. Any other prompt is echoed unchanged.
/// <code>
/// !say TEXT                      a message
/// !stream TEXT                   the same in deltas
/// !think TEXT                    reasoning
/// !run COMMAND                   a shell command
/// !mcp SERVER TOOL [JSON]        a tool of an MCP server, or of a namespace with its name
/// !patch PATCH                   a file change, for models in codex's own catalogue
/// !echo                          the whole prompt
/// !recall                        the user's texts of earlier turns
/// !outputs                       the outputs of this turn's tools
/// !usage INPUT OUTPUT [CACHED [REASONING]]
/// !fail 400|401|429|500|503|limit|context|quota
/// !drop, !drop-once              drops the stream, always or on the first attempt
/// !stall                         sends nothing more
/// </code>
/// Directives before and after calls answer different requests; <c>!usage</c> applies to each of them.
/// </summary>
public static class Directives
{
    /// <summary>The script.</summary>
    public static ModelScript Script { get; } = Answer;

    /// <summary>Answers a request as its prompt says; an unknown directive causes a failure that lists the known ones.</summary>
    public static ModelAnswer Answer(ModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.LastUserText.StartsWith('!'))
        {
            return new ModelAnswer().Reply(request.LastUserText);
        }

        try
        {
            var directives = Parse(request.LastUserText);
            var answer = StepsFor(request, directives).Aggregate(new ModelAnswer(), (so, next) => Add(so, next, request));
            return directives.LastOrDefault(directive => directive.Word == "usage") is { } usage
                ? answer.WithUsage(UsageOf(usage.Text))
                : answer;
        }
        catch (Exception mistake) when (mistake is FormatException or InvalidOperationException)
        {
            return new ModelAnswer().Fail(ModelFailure.BadRequest(mistake.Message));
        }
    }

    private static List<Directive> Parse(string prompt)
    {
        var directives = new List<Directive>();
        foreach (var line in prompt.Split('\n'))
        {
            if (!line.StartsWith('!'))
            {
                directives[^1] = directives[^1] with { Text = $"{directives[^1].Text}\n{line}" };
                continue;
            }

            var parts = line[1..].Split(' ', 2);
            directives.Add(new Directive(parts[0].TrimEnd('\r'), parts.Length > 1 ? parts[1] : ""));
        }

        return directives;
    }

    private static IEnumerable<Directive> StepsFor(ModelRequest request, List<Directive> directives)
    {
        var round = RoundOf(directives, request.Round).ToList();
        var cut = round.FindIndex(directive => directive.Word == "drop-once");
        return cut >= 0 && request.Attempt == 0 ? round.Take(cut + 1) : round;
    }

    // A round ends after consecutive calls.
    private static IEnumerable<Directive> RoundOf(List<Directive> directives, int round)
    {
        var at = 0;
        for (var i = 0; i < directives.Count; i++)
        {
            if (i > 0 && directives[i - 1].IsCall && !directives[i].IsCall)
            {
                at++;
            }

            if (at == round)
            {
                yield return directives[i];
            }
        }
    }

    private static ModelAnswer Add(ModelAnswer answer, Directive directive, ModelRequest request) =>
        directive.Word switch
        {
            "say" => answer.Reply(directive.Text),
            "stream" => answer.ReplyInDeltas(directive.Text),
            "think" => answer.Reason(directive.Text),
            "run" => answer.RunCommand(directive.Text),
            "mcp" => CallMcpTool(answer, directive.Text, request),
            "patch" => answer.ApplyPatch(directive.Text),
            "echo" => answer.Reply(request.LastUserText),
            "recall" => answer.Reply(string.Join('\n', request.UserTexts.SkipLast(1))),
            "outputs" => answer.Reply(string.Join('\n', request.ToolOutputs)),
            "usage" => answer,
            "fail" => answer.Fail(FailureOf(directive.Text.Trim())),
            "drop" => answer.Drop(),
            "drop-once" => request.Attempt == 0 ? answer.Drop() : answer,
            "stall" => answer.Stall(),
            _ => throw new FormatException(
                $"Unknown directive !{directive.Word}; the directives are !say !stream !think !run !mcp !patch "
                    + "!echo !recall !outputs !usage "
                    + "!fail !drop !drop-once !stall."
            ),
        };

    // The host's tools have the server's name as their namespace where codex has them without a server.
    private static ModelAnswer CallMcpTool(ModelAnswer answer, string text, ModelRequest request)
    {
        var words = text.Split(' ', 3);
        if (words.Length < 2)
        {
            throw new FormatException("!mcp takes a server, a tool and, optionally, arguments as JSON.");
        }

        var (server, tool, arguments) = (words[0], words[1], words.Length == 3 ? words[2] : "{}");
        return !request.Offers(tool, ModelAnswer.McpNamespace(server)) && request.Offers(tool, server)
            ? answer.CallTool(tool, arguments, server)
            : answer.CallMcpTool(server, tool, arguments);
    }

    private static ModelFailure FailureOf(string kind) =>
        kind switch
        {
            "400" => ModelFailure.BadRequest(),
            "401" => ModelFailure.Unauthorized(),
            "429" => ModelFailure.RateLimited(),
            "500" => ModelFailure.ServerError(),
            "503" => ModelFailure.ServerError(503),
            "limit" => ModelFailure.UsageLimit(DateTimeOffset.UnixEpoch.AddSeconds(4_102_444_800)),
            "context" => ModelFailure.ContextWindowExceeded(),
            "quota" => ModelFailure.QuotaExceeded(),
            _ => throw new FormatException($"!fail takes 400, 401, 429, 500, 503, limit, context or quota, not '{kind}'."),
        };

    private static TokenUsage UsageOf(string text)
    {
        var numbers = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word =>
                long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new FormatException($"!usage takes two to four numbers, not '{word}'.")
            )
            .ToArray();
        return numbers.Length is >= 2 and <= 4
            ? new TokenUsage(numbers[0], numbers[1], numbers.ElementAtOrDefault(2), numbers.ElementAtOrDefault(3))
            : throw new FormatException("!usage takes two to four numbers.");
    }

    private sealed record Directive(string Word, string Text)
    {
        public bool IsCall => Word is "run" or "mcp" or "patch";
    }
}
