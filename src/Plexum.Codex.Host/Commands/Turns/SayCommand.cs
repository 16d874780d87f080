using System.CommandLine;
using System.Runtime.InteropServices;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Approvals;
using Plexum.Codex.Client;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Commands.Approvals;
using Plexum.Codex.Host.Commands.Asked;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.History;
using Plexum.Codex.Host.InProcess;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary>
/// <c>say</c>: runs one turn and streams it, in the daemon if one is running, else in this process. If the reader of the output goes
/// away, the turn still runs to its end, since half a turn helps nobody; Ctrl-C cancels it.
/// </summary>
internal static class SayCommand
{
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the turn's canonical events as stored in its log, one JSON object per line.",
    };

    public static Command Create()
    {
        var command = new Command(
            "say",
            "Say something to an agent and print the response: the answer on standard output, everything else on standard error. "
                + "The next say continues the same thread. If a daemon is running, it runs the turn, "
                + "and the turn continues even if this command is killed. Ctrl-C cancels the turn; a second Ctrl-C kills codex. "
                + "Exit codes: 0 success, 1 failed, 2 refused, 130 cancelled."
        )
        {
            TurnOptions.Agent,
            TurnOptions.Workspace,
            TurnOptions.Model,
            TurnOptions.NewThread,
            TurnOptions.Images,
            WorkOptions.Backend,
            WorkOptions.Approvals,
            WorkOptions.Sandbox,
            WorkOptions.Effort,
            WorkOptions.DeveloperInstructions,
            WorkOptions.OutputSchema,
            Json,
            TurnOptions.Text,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = Profile.OfUser();
        _ = AgentIds.FindOfTurn(profile.Root, arguments.GetValue(TurnOptions.Agent));
        var settings = ProgramSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        var request = await TurnOptions.ReadAsync(arguments, profile.Root, cancellationToken).ConfigureAwait(false);
        using var daemon = await DaemonCommand.FindAsync(settings, cancellationToken).ConfigureAwait(false);
        await using var output = new EventOutput(arguments.GetValue(Json), isLive: true);
        var code = daemon is null
            ? await SayHereAsync(settings, request, output, KeysOf(arguments)).ConfigureAwait(false)
            : await SayThereAsync(daemon, settings, request, output, KeysOf(arguments), cancellationToken).ConfigureAwait(false);
        return code == ExitCodes.Done && output.IsBroken ? ExitCodes.Failed : code;
    }

    private static TerminalKeys? KeysOf(ParseResult arguments) => arguments.GetValue(Json) ? null : TerminalKeys.IfThere;

    private static async Task<int> SayHereAsync(ProgramSettings settings, TurnRequest request, EventOutput output, IKeys? pressed)
    {
        if (RequestLimits.WhyNot(request, settings.Agents) is { } tooMuch)
        {
            throw new CommandException(tooMuch.Message, ExitCodes.Refused, tooMuch.Code);
        }

        settings.Profile.Prepare();
        settings.CheckCodexHome();
        using var logging = ProgramLogging.Start(settings.Profile, settings.Log);
        ProgramLogging.Warn(settings.Warnings);
        var ledger = await CommandLedger.OpenAsync(settings).ConfigureAwait(false);
        await using var system = await CodexSystem.StartAsync(settings, ledger).ConfigureAwait(false);
        using var keys = new CancelKeys(system.CancelAll);
        var answer = await system.SubmitAsync(request).ConfigureAwait(false);
        if (answer is not Submission.Accepted { TurnId: var turn })
        {
            throw new CommandException(
                answer.Problem!,
                ExitCodes.Refused,
                answer is Submission.Refused { Refusal.Code: var code } ? code : "refused"
            );
        }

        var reason = StopReason.Error;
        await using var questions = new TerminalQuestions(
            (question, given) => AnswerHereAsync(system, turn, question.Id, given),
            pressed,
            _ => "An answer can be given in a terminal or with a daemon only, so it is declined at its deadline.",
            StderrMessages.Write,
            StderrMessages.Ask,
            TimeProvider.System
        );
        var log = system.EventsFile(request.AgentId, turn);
        try
        {
            await foreach (var line in system.ReadAsync(turn, StderrMessages.Write).ConfigureAwait(false))
            {
                output.Show(line.Json, log);
                questions.Take(line.Json);
                reason = line.IsEnd ? RemoteTurn.StopReasonOf(line) : reason;
            }
        }
        catch (IOException e)
        {
            StderrMessages.Write($"The turn's log cannot be read: {e.Message} The turn is being cancelled.");
            await system.Gateway.CancelAsync(turn, force: false).ConfigureAwait(false);
            reason = await system.AwaitEndAsync(turn).ConfigureAwait(false);
            output.Finish(log);
        }

        return ExitCodes.Of(reason);
    }

    private static async Task AnswerHereAsync(CodexSystem system, TurnId turn, ApprovalId question, ApprovalAnswer given)
    {
        var receipt = await system.Gateway.AnswerAsync(turn, question, given, ApprovalAnswerers.Terminal).ConfigureAwait(false);
        if (receipt?.Outcome != ApprovalOutcome.Taken)
        {
            throw new CodexException(
                receipt?.Why is { } why
                    ? $"The answer to {question} was not taken: {why}"
                    : $"The question {question} needs no answer any more."
            );
        }
    }

    // A lost terminal or SIGTERM ends only this program: the turn belongs to the daemon, and its events can be read later.
    private static async Task<int> SayThereAsync(
        DaemonClient daemon,
        ProgramSettings settings,
        TurnRequest request,
        EventOutput output,
        IKeys? pressed,
        CancellationToken cancellationToken
    )
    {
        request = await AskedSettings.ApplyAsync(daemon, settings, request, cancellationToken).ConfigureAwait(false);
        var cancel = new RemoteCancel(daemon);
        using var keys = new CancelKeys(cancel.Press, PosixSignal.SIGINT);
        var accepted = await daemon.SubmitAsync(request, $"say-{Guid.NewGuid():N}", cancellationToken).ConfigureAwait(false);
        var id = TurnId.Parse(accepted.TurnId);
        cancel.Know(id);
        output.Queue(accepted.Position);
        foreach (var warning in accepted.Warnings ?? [])
        {
            StderrMessages.Write(warning);
        }

        var log = TurnDirectory.Of(new AgentDirectory(settings.Profile.Root, request.AgentId), id).EventsFile;
        await using var questions = new TerminalQuestions(
            (question, given) => daemon.ApproveAsync(id, question.Id, given, cancellationToken),
            pressed,
            TerminalAnswers.WithCommand,
            StderrMessages.Write,
            StderrMessages.Ask,
            TimeProvider.System
        );
        var turn = new RemoteTurn(daemon, id, log) { Shown = questions.Take };
        var reason = await turn.ShowAsync(output, 0, null, cancellationToken).ConfigureAwait(false);
        return ExitCodes.Of(reason ?? StopReason.Error);
    }
}
