using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Backend;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>Adds a text to a turn that runs.</summary>
internal sealed class SteerEndpoint(DaemonContext daemon)
{
    private const string TextField = "text";

    // The same text, sent again, would be said twice.
    private static readonly Problem NoAnswer = Problem.NoAnswer with
    {
        Detail =
            "The agent did not respond in time. The model may see the text; "
            + "look at the turn's events before you send it again, since it would be said twice.",
    };

    private static readonly Problem TooLong = new(
        422,
        "prompt_too_long",
        "The text is too long",
        FormattableString.Invariant($"codex accepts at most {Prompt.MaxCharacters} characters; ")
            + "put the long part into a file in the workspace and name the file."
    );

    public async Task SteerAsync(HttpContext context)
    {
        var turn = ApiRequest.Turn(context);
        string text;
        using (var body = await ApiRequest.SmallObjectAsync(context, daemon.Settings.Api).ConfigureAwait(false))
        {
            text = TextOf(body?.RootElement);
        }

        var entry = await daemon.Gateway.FindAsync(turn).ConfigureAwait(false) ?? throw new ProblemException(Problem.UnknownTurn(turn));
        if (entry.State == TurnState.Ended)
        {
            throw new ProblemException(NotRunning(turn));
        }

        // A client that goes away has still said it.
        var outcome = await daemon.Gateway.SteerAsync(entry.AgentId, turn, text).ConfigureAwait(false) switch
        {
            SteerOutcome.Accepted => SteerResult.Accepted,
            SteerOutcome.NotSupported => throw new ProblemException(NotSupported(turn)),
            SteerOutcome.NotRunning => throw new ProblemException(WhyNotRunning(entry)),
            _ => throw new ProblemException(NoAnswer),
        };
        AuditedAction.Of(context)?.End(outcome.ToString().ToLowerInvariant());
        var document = new SteerDocument(turn.Value, outcome);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.SteerDocument).ConfigureAwait(false);
    }

    private static Problem WhyNotRunning(TurnEntry entry) =>
        CommandOwner.ProcessOf(entry.Owner) is { IsRunning: true } owner
            ? Problem.OfCommand(entry.TurnId, owner)
            : NotRunning(entry.TurnId);

    private static Problem NotRunning(TurnId turn) =>
        new(
            409,
            "turn_not_running",
            "The turn does not run",
            $"codex does not work on the turn {turn}: it waits, is ending or has ended. The text was not said; "
                + "submit it as a turn of its own."
        );

    private static Problem NotSupported(TurnId turn) =>
        new(
            409,
            "steer_not_supported",
            "The turn takes no more text",
            $"The turn {turn} is run by codex exec, which takes no text while it runs. Ask for the backend app-server "
                + "with the next turn, or submit the text as a turn of its own."
        );

    // The body is {text}.
    private static string TextOf(JsonElement? body)
    {
        if (body is not { } root || !root.TryGetProperty(TextField, out var value) || value.ValueKind != JsonValueKind.String)
        {
            throw Bad("text: must be a string.");
        }

        var unknown = root.EnumerateObject().Select(field => field.Name).Where(name => name != TextField).ToList();
        if (unknown.Count > 0)
        {
            throw Bad($"{unknown[0]}: is unknown; the body has only text.");
        }

        var text = value.GetString()!;
        return string.IsNullOrWhiteSpace(text) ? throw Bad("text: must not be empty.")
            : text.Length > Prompt.MaxCharacters && text.EnumerateRunes().Count() > Prompt.MaxCharacters
                ? throw new ProblemException(TooLong)
            : text;
    }

    private static ProblemException Bad(string error) => new(Problem.BadBody([error]));
}
