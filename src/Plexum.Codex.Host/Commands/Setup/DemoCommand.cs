using System.CommandLine;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Host.InProcess;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Commands.Setup;

/// <summary><c>demo</c>: runs the real codex against a model on loopback, without an account or set-up, and shows what happened.</summary>
internal static class DemoCommand
{
    private static readonly Option<string?> Codex = new("--codex")
    {
        Description = "The codex to run; by default the setting codex.binary, else the one that build.sh installed, else the one on PATH.",
        HelpName = "PATH",
    };

    public static Command Create()
    {
        var command = new Command(
            "demo",
            "Show three turns of one agent and two agents side by side, with the real codex and a model on loopback. "
                + "Needs no account and touches none of your files."
        )
        {
            Codex,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var place = new TemporaryProfile("demo");
        await using var model = await LoopbackModelServer
            .StartAsync(DemoScript.Answer, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        var settings = place.Settings(model, arguments.GetValue(CommonOptions.Set)!);
        settings = settings with
        {
            Binary = arguments.GetValue(Codex) ?? (settings.Binary == "codex" ? PinnedCodex.Find() : null) ?? settings.Binary,
        };
        settings.Profile.Prepare();
        using var logging = ProgramLogging.Start(settings.Profile, settings.Log);
        await using var system = await CodexSystem.StartAsync(settings).ConfigureAwait(false);
        using var keys = new CancelKeys(system.CancelAll);
        var binary = await CodexHosting.BinariesOf(settings).FindAsync().ConfigureAwait(false);
        var console = Consoles.Output();
        console.Line($"codex {binary.Version}, a model on {model.BaseUrl}, no account\n");
        var shown = await PlayAsync(console, new DemoTurns(system, console), keys).ConfigureAwait(false);
        return keys.ArePressed ? ExitCodes.Cancelled
            : shown ? ExitCodes.Done
            : ExitCodes.Failed;
    }

    private static async Task<bool> PlayAsync(IAnsiConsole console, DemoTurns turns, CancelKeys keys)
    {
        var bold = new Style(decoration: Decoration.Bold);
        console.Line("Three turns of one agent, in one thread", bold);
        var alice = new List<DemoTurn>();
        foreach (var text in new[] { DemoScript.Remember, DemoScript.Recall, DemoScript.Work })
        {
            alice.Add(await turns.RunAsync("alice", text).ConfigureAwait(false));
            if (keys.ArePressed)
            {
                return false;
            }
        }

        console.Line("Two agents side by side, each in its own thread", bold);
        var together = await Task.WhenAll(turns.RunAsync("bob", "Hello from Bob."), turns.RunAsync("carol", "Hello from Carol."))
            .ConfigureAwait(false);

        var threads = alice.Select(turn => turn.End?.ThreadId).Distinct().ToArray();
        (string Claim, bool Holds)[] claims =
        [
            ("the second turn knew what was said in the first", alice[1].Text.Contains("42", StringComparison.Ordinal)),
            ("the three turns shared one thread", threads is [not null]),
            ("a shell command ran in the workspace", alice[2].WorkspaceFile("answer.txt") == "42"),
            (
                "the two agents had separate threads",
                together[0].End?.ThreadId is { } bob && together[1].End?.ThreadId is { } carol && bob != carol
            ),
            ("every turn succeeded", alice.Concat(together).All(turn => turn.End?.StopReason == StopReason.EndTurn)),
        ];
        foreach (var (claim, holds) in claims)
        {
            console.Line(holds ? $"yes  {claim}" : $"no   {claim}", new Style(holds ? Color.Green : Color.Red));
        }

        return claims.All(claim => claim.Holds);
    }
}
