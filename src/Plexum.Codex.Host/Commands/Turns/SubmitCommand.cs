using System.CommandLine;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Commands.Asked;
using Plexum.Codex.Host.Rendering;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>submit</c>: submits a turn to the daemon and prints its id.</summary>
internal static class SubmitCommand
{
    private static readonly Option<string?> Key = new("--key")
    {
        Description = "Your own name for this request: repeating the request with its key returns the same turn.",
        HelpName = "K",
    };

    public static Command Create()
    {
        var command = new Command(
            "submit",
            "Submit a turn to the daemon and print its id, without waiting for it. "
                + "Exit codes: 0 the turn is in the ledger and will run, 1 the daemon failed, 2 refused or no daemon running."
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
            Key,
            DaemonCommand.Json,
            TurnOptions.Text,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                DaemonCommand.SubmitAsync(
                    arguments,
                    async (daemon, settings) =>
                    {
                        var given = await TurnOptions.ReadAsync(arguments, settings.Profile.Root, cancellationToken).ConfigureAwait(false);
                        var request = await AskedSettings.ApplyAsync(daemon, settings, given, cancellationToken).ConfigureAwait(false);
                        var accepted = await daemon
                            .SubmitAsync(request, arguments.GetValue(Key) ?? $"submit-{Guid.NewGuid():N}", cancellationToken)
                            .ConfigureAwait(false);
                        Print(accepted, arguments.GetValue(DaemonCommand.Json));
                        return ExitCodes.Done;
                    },
                    cancellationToken
                )
        );
        return command;
    }

    private static void Print(AcceptedDocument accepted, bool json)
    {
        if (json)
        {
            DaemonCommand.Print(accepted, ApiJson.Default.AcceptedDocument);
            return;
        }

        Console.Out.WriteLine(accepted.TurnId);
        foreach (var warning in accepted.Warnings ?? [])
        {
            StderrMessages.Write(warning);
        }
    }
}
