using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Plexum.Codex.Approvals;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Approvals;

/// <summary><c>approve</c>: lists codex's questions and answers them.</summary>
internal static class ApproveCommand
{
    private static readonly Argument<string?> Id = new("ID")
    {
        Description = "The question's id in full, such as q-1f2e3d4c.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> List = new("--list") { Description = "List the questions that wait for an answer." };

    private static readonly Option<bool> Decline = new("--decline") { Description = "Answer no; the turn goes on without." };

    private static readonly Option<bool> Cancel = new("--cancel") { Description = "Answer no, and cancel the turn." };

    private static readonly Option<bool> ForSession = new("--for-session")
    {
        Description = "Answer yes, also to the same again while codex has the agent's thread loaded.",
    };

    private static readonly Option<string[]> Answer = new("--answer")
    {
        Description = "What to answer where the model or an MCP server asks for words. ID=TEXT if several things are asked; repeatable.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        var command = new Command(
            "approve",
            "Let codex do what it asks for, or decline it; without an id, list what it asks. What is approved may run outside the sandbox. "
                + "Exit codes: 0 done, 1 the daemon failed, 2 refused or no daemon running."
        )
        {
            Id,
            List,
            Decline,
            Cancel,
            ForSession,
            Answer,
            DaemonCommand.Json,
        };
        command.Validators.Add(CheckWhich);
        command.SetAction(
            (arguments, cancellationToken) =>
                DaemonCommand.RunAsync(arguments, (daemon, _) => RunAsync(arguments, daemon, cancellationToken), cancellationToken)
        );
        return command;
    }

    private static void CheckWhich(CommandResult given)
    {
        var decisions = new[] { given.GetValue(Decline), given.GetValue(Cancel), given.GetValue(ForSession) }.Count(said => said);
        var answers = given.GetResult(Answer) is { Implicit: false };
        if (decisions > 1)
        {
            given.AddError("Give one of --decline, --cancel and --for-session at most.");
        }
        else if (answers && (given.GetValue(Decline) || given.GetValue(Cancel)))
        {
            given.AddError("--answer goes with a yes; leave it out, or leave out --decline and --cancel.");
        }
        else if ((given.GetValue(Id) is null || given.GetValue(List)) && (decisions > 0 || answers))
        {
            given.AddError("Name the question to answer; \"plexum-codex approve --list\" lists them.");
        }
        else if (given.GetValue(Id) is not null && given.GetValue(List))
        {
            given.AddError("Name a question to answer it, or give --list to see them; not both.");
        }
        else if (given.GetValue(Id) is { } id && !ApprovalId.TryParse(id, out _))
        {
            given.AddError($"\"{id}\" is no question's id, such as q-1f2e3d4c; \"plexum-codex approve --list\" shows them in full.");
        }
    }

    private static async Task<int> RunAsync(ParseResult arguments, DaemonClient daemon, CancellationToken cancellationToken)
    {
        var open = await daemon.ApprovalsAsync(cancellationToken).ConfigureAwait(false);
        var json = arguments.GetValue(DaemonCommand.Json);
        if (arguments.GetValue(Id) is not { } text)
        {
            Show(open, json);
            return ExitCodes.Done;
        }

        var asked = Find(open, text);
        var content = asked.ToQuestion() is { } question ? GivenAnswers.ToContent(question, arguments.GetValue(Answer)!) : null;
        var decision =
            arguments.GetValue(Decline) ? ApprovalDecision.Decline
            : arguments.GetValue(Cancel) ? ApprovalDecision.Cancel
            : arguments.GetValue(ForSession) ? ApprovalDecision.AcceptForSession
            : ApprovalDecision.Accept;

        // Nobody is to approve what they have not seen, so it is shown by the command that approves it, and before it does.
        if (json)
        {
            StderrMessages.Write(TextOf(asked));
        }
        else
        {
            Consoles.Output().Line(TextOf(asked));
        }

        var answered = await daemon
            .ApproveAsync(TurnId.Parse(asked.TurnId), IdOf(asked), new ApprovalAnswer(decision, content), cancellationToken)
            .ConfigureAwait(false);
        if (json)
        {
            DaemonCommand.Print(answered, ApiJson.Default.ApprovalAnsweredDocument);
            return ExitCodes.Done;
        }

        Console.Out.WriteLine(
            decision switch
            {
                ApprovalDecision.Accept => $"{asked.Id} is accepted; the turn {asked.TurnId} goes on.",
                ApprovalDecision.AcceptForSession => $"{asked.Id} is accepted, also for later; the turn {asked.TurnId} goes on.",
                ApprovalDecision.Decline => $"{asked.Id} is declined; the turn {asked.TurnId} goes on without.",
                _ => $"{asked.Id} is declined, and the turn {asked.TurnId} is being cancelled.",
            }
        );
        return ExitCodes.Done;
    }

    private static void Show(ImmutableArray<ApprovalDocument> open, bool json)
    {
        if (json)
        {
            DaemonCommand.Print(new ApprovalsDocument(open), ApiJson.Default.ApprovalsDocument);
            return;
        }

        if (open.IsEmpty)
        {
            StderrMessages.Write("Codex asks nothing.");
        }

        foreach (var asked in open)
        {
            Consoles.Output().Line(TextOf(asked));
            Consoles.Output().Line($"  agent {asked.AgentId}, turn {asked.TurnId}, declined at {TurnTexts.At(asked.ExpiresAt)}");
        }
    }

    private static string TextOf(ApprovalDocument asked) =>
        asked.ToQuestion() is { } question ? ApprovalTexts.Describe(question) : $"codex asks {asked.Id}: {asked.Kind}";

    private static ApprovalDocument Find(ImmutableArray<ApprovalDocument> open, string id) =>
        open.FirstOrDefault(asked => asked.Id == id)
        ?? throw new CommandException(
            $"No question \"{id}\" waits for an answer: it was answered, or was declined at its deadline. "
                + "\"plexum-codex approve --list\" lists those that wait.",
            ExitCodes.Refused,
            "unknown_approval"
        );

    private static ApprovalId IdOf(ApprovalDocument asked) =>
        ApprovalId.TryParse(asked.Id, out var id)
            ? id
            : throw new CodexException(
                $"The daemon's question \"{asked.Id}\" has an id that this version does not know; update this command."
            );
}
