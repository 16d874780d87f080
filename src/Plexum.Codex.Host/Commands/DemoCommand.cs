using System.CommandLine;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Turns;
using Plexum.Codex.LoopbackModel;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Commands;

/// <summary><c>demo</c>: the real codex against a model on loopback, with no account and no set-up, and what happened.</summary>
internal static class DemoCommand
{
    private static readonly Option<string?> Codex = new("--codex") { Description = "The codex to run; by default the one that build.sh installs, else the one on PATH." };

    public static Command Create()
    {
        var command = new Command("demo", "Show three turns of one agent and two agents side by side, without an account.") { Codex };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var place = new TemporaryProfile("demo");
        await using var model = await LoopbackModelServer.StartAsync(DemoScript.Answer, cancellationToken: cancellationToken).ConfigureAwait(false);
        var settings = place.Settings(model, arguments.GetValue(Codex) ?? PinnedCodex.Find() ?? "codex", arguments.GetValue(CommonOptions.Set)!);
        using var logging = HostLogging.Start(settings.Profile, settings.Log);
        await using var system = CodexSystem.Start(settings);
        var binary = await system.Environment.Binaries.FindAsync().ConfigureAwait(false);
        AnsiConsole.MarkupLine($"codex [bold]{binary.Version}[/], a model on {Markup.Escape(model.BaseUrl.ToString())}, no account\n");
        return await PlayAsync(new DemoTurns(system)).ConfigureAwait(false) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<bool> PlayAsync(DemoTurns turns)
    {
        AnsiConsole.MarkupLine("[bold]Three turns of one agent, in one thread[/]");
        var first = await turns.RunAsync("alice", DemoScript.Remember).ConfigureAwait(false);
        var second = await turns.RunAsync("alice", DemoScript.Recall).ConfigureAwait(false);
        var third = await turns.RunAsync("alice", DemoScript.Work).ConfigureAwait(false);

        AnsiConsole.MarkupLine("[bold]Two agents side by side, each in a thread of its own[/]");
        var together = await Task.WhenAll(
            turns.RunAsync("bob", "Hello from Bob."), turns.RunAsync("carol", "Hello from Carol.")).ConfigureAwait(false);

        (string Claim, bool Holds)[] claims =
        [
            ("the second turn knew what was said in the first", second.Text.Contains("42", StringComparison.Ordinal)),
            ("the three turns went on in one thread", first.End?.ThreadId is not null && first.End.ThreadId == second.End?.ThreadId && second.End?.ThreadId == third.End?.ThreadId),
            ("a shell command ran in the workspace", third.WorkspaceFile("answer.txt") == "42"),
            ("two agents had threads of their own", together[0].End?.ThreadId is { } bob && together[1].End?.ThreadId is { } carol && bob != carol),
            ("every turn ended well", together.Append(first).Append(second).Append(third).All(turn => turn.End?.StopReason == StopReason.EndTurn)),
        ];
        foreach (var (claim, holds) in claims)
        {
            AnsiConsole.MarkupLine($"{(holds ? "[green]yes[/]" : "[red]no[/] ")}  {Markup.Escape(claim)}");
        }

        return claims.All(claim => claim.Holds);
    }
}
