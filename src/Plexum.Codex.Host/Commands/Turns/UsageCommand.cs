using System.CommandLine;
using System.Globalization;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Commands.Arguments;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Rendering.Tables;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>usage</c>: shows the usage of the last days.</summary>
internal static class UsageCommand
{
    private const int MaxDays = 3660;

    private static readonly Option<int> Days = NumberOption.Create(
        "--days",
        "How many days, up to and including today (UTC).",
        30,
        1,
        MaxDays
    );

    private static readonly Option<string?> Agent = new("--agent")
    {
        Description = "Only this agent's usage: its id, the beginning of it, or last for the one with the newest turn.",
        HelpName = "ID",
    };

    public static Command Create()
    {
        var command = new Command(
            "usage",
            "Show how many turns ended and how many tokens they used, day by day. "
                + "Exit codes: 0 success, 1 the daemon failed, 2 refused. Without a daemon, the profile's ledger answers."
        )
        {
            Days,
            Agent,
            DaemonCommand.Json,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                DaemonCommand.LookAsync(
                    arguments,
                    (daemon, profile) => RunAsync(arguments, daemon, profile, cancellationToken),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments,
        DaemonClient daemon,
        Profile profile,
        CancellationToken cancellationToken
    )
    {
        AgentId? agent = arguments.GetValue(Agent) is { } text
            ? await AgentIds.FindKnownAsync(daemon, profile.Root, text, cancellationToken).ConfigureAwait(false)
            : null;
        var to = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var usage = await daemon.UsageAsync(agent, to.AddDays(1 - arguments.GetValue(Days)), to, cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(DaemonCommand.Json))
        {
            DaemonCommand.Print(usage, ApiJson.Default.UsageDocument);
        }
        else if (usage.Days.IsEmpty)
        {
            StderrMessages.Write("No turn ended on these days.");
        }
        else
        {
            Table(usage).Write(Consoles.Output());
        }

        return ExitCodes.Done;
    }

    internal static PlainTable Table(UsageDocument usage)
    {
        var table = new PlainTable("DAY", ">TURNS", ">FAILED", ">IN", ">CACHED", ">OUT", ">THINKING");
        foreach (var day in usage.Days)
        {
            table.Add([day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), .. Numbers(day.Turns, day.Failed, day.Usage)]);
        }

        if (usage.Days.Length > 1)
        {
            table.Add([
                "all",
                .. Numbers(
                    usage.Days.Sum(day => day.Turns),
                    usage.Days.Sum(day => day.Failed),
                    new Usage(
                        usage.Days.Sum(day => day.Usage.InputTokens),
                        usage.Days.Sum(day => day.Usage.OutputTokens),
                        usage.Days.Sum(day => day.Usage.CacheReadTokens),
                        usage.Days.Sum(day => day.Usage.ThinkingTokens)
                    )
                ),
            ]);
        }

        return table;
    }

    private static IEnumerable<string> Numbers(long turns, long failed, Usage usage) =>
        new[] { turns, failed, usage.InputTokens, usage.CacheReadTokens, usage.OutputTokens, usage.ThinkingTokens }.Select(TurnTexts.Count);
}
