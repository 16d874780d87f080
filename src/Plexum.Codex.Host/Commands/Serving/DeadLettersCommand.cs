using System.Collections.Immutable;
using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Commands.Asked;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Rendering.Tables;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Sqlite;
using Plexum.Codex.Sqlite.Inbox;

namespace Plexum.Codex.Host.Commands.Serving;

/// <summary><c>molecule dead-letters</c>: lists and requeues dead letters, through the daemon if one runs, else in its files.</summary>
internal static class DeadLettersCommand
{
    public const string Name = "dead-letters";

    private const string All = "all";

    private static readonly Option<string[]> Requeue = new("--requeue")
    {
        Description = "Requeue these, or all: a kept reply is sent again; without one, codex is run again.",
        HelpName = "ID…|all",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var command = new Command(
            Name,
            "List the dead letters (messages that were given up on), oldest first, or requeue some. "
                + "Exit codes: 0 success, 1 failed, 2 refused or no such dead letter."
        )
        {
            Requeue,
            CommonOptions.Wide,
            DaemonCommand.Json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var settings = ProgramSettings.Load(MoleculeProfile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        using var daemon = await DaemonCommand.FindAsync(settings, cancellationToken).ConfigureAwait(false);
        if (daemon is not null)
        {
            await AskedSettings.CheckAsync(daemon, settings, cancellationToken).ConfigureAwait(false);
            return await RunAsync(arguments, new OfDaemon(daemon, cancellationToken)).ConfigureAwait(false);
        }

        if (!File.Exists(settings.Profile.LedgerFile))
        {
            throw new CodexException(
                $"{settings.Profile.Root} holds no daemon's files; set {MoleculeConnection.StateVariable} to the right state directory."
            );
        }

        var workspace = MoleculeConnection.FindWorkspace(settings.Molecule, Environment.GetEnvironmentVariables());
        if (workspace.Length == 0)
        {
            throw new CodexException("No daemon is running; set WORKSPACE_ID to the workspace whose messages are meant.");
        }

        using var alone = DaemonLock.Acquire(settings.Profile);
        await using var store = await SqliteStore
            .OpenAsync(settings.Profile.LedgerFile, TimeProvider.System, StderrMessages.Write)
            .ConfigureAwait(false);
        return await RunAsync(arguments, new OfFiles(new SqliteInboxJournal(store, workspace))).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(ParseResult arguments, ISource source)
    {
        var chosen = arguments.GetValue(Requeue) ?? [];
        if (chosen.Length == 0)
        {
            return List(
                await source.ListAsync().ConfigureAwait(false),
                arguments.GetValue(DaemonCommand.Json),
                arguments.GetValue(CommonOptions.Wide)
            );
        }

        var letters = (await source.ListAsync().ConfigureAwait(false)).Select(letter => letter.ActivityId).ToArray();
        var missing = new List<string>();
        var count = 0;
        foreach (var given in chosen.Contains(All, StringComparer.Ordinal) ? [All] : chosen)
        {
            var id = given == All ? All : Prefixes.Find("dead letters' ids", given, letters) ?? given;
            var opened = await source.RequeueAsync(id == All ? null : id).ConfigureAwait(false);
            count += opened;
            if (opened == 0 && id != All)
            {
                missing.Add(id);
            }
        }

        if (arguments.GetValue(DaemonCommand.Json))
        {
            DaemonCommand.Print(new RequeuedDocument(count), ApiJson.Default.RequeuedDocument);
        }
        else
        {
            Console.Out.WriteLine($"{count} {(count == 1 ? "message was" : "messages were")} requeued.");
        }

        return missing.Count == 0
            ? ExitCodes.Done
            : throw new CommandException(
                string.Join('\n', missing.Select(id => $"There is no dead letter {id}.")),
                ExitCodes.Refused,
                "unknown_dead_letter"
            );
    }

    private static int List(ImmutableArray<DeadLetterDocument> letters, bool json, bool wide)
    {
        if (json)
        {
            DaemonCommand.Print(new DeadLettersDocument(letters), ApiJson.Default.DeadLettersDocument);
        }
        else if (letters.IsEmpty)
        {
            StderrMessages.Write("There are no dead letters.");
        }
        else
        {
            var table = new PlainTable("#ID", "#THREAD", "?RECEIVED", "?GIVEN UP", "?REPLY", "?>ATTEMPTS", "~WHY");
            foreach (var letter in letters)
            {
                table.Add(
                    letter.ActivityId,
                    letter.AgentId,
                    TurnTexts.At(letter.ReceivedAt),
                    TurnTexts.At(letter.GivenUpAt),
                    letter.HasReply ? "kept" : "none",
                    TurnTexts.Count(letter.Attempts),
                    letter.Problem
                );
            }

            table.Write(Consoles.Output(), wide);
        }

        return ExitCodes.Done;
    }

    private interface ISource
    {
        Task<ImmutableArray<DeadLetterDocument>> ListAsync();

        Task<int> RequeueAsync(string? activityId);
    }

    private sealed class OfDaemon(DaemonClient daemon, CancellationToken cancellationToken) : ISource
    {
        public Task<ImmutableArray<DeadLetterDocument>> ListAsync() => daemon.DeadLettersAsync(cancellationToken);

        public async Task<int> RequeueAsync(string? activityId) =>
            (await daemon.RequeueAsync(activityId, cancellationToken).ConfigureAwait(false)).Count;
    }

    private sealed class OfFiles(SqliteInboxJournal journal) : ISource
    {
        private const int Page = 500;

        public async Task<ImmutableArray<DeadLetterDocument>> ListAsync()
        {
            var all = ImmutableArray.CreateBuilder<DeadLetterDocument>();
            for (long after = 0; ; )
            {
                var page = await journal.FindDeadLettersAsync(after, Page).ConfigureAwait(false);
                all.AddRange(page.Select(DeadLetterDocument.Of));
                if (page.Length < Page)
                {
                    return all.ToImmutable();
                }

                after = page[^1].Number;
            }
        }

        public async Task<int> RequeueAsync(string? activityId) =>
            (await journal.RequeueAsync(activityId, TimeProvider.System.GetUtcNow()).ConfigureAwait(false)).Count;
    }
}
