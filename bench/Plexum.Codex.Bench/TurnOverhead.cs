using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Exec;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Files;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>
/// What a turn through the actors costs over codex alone: the real codex, the same model on loopback, the two in turn. The
/// model runs in this process, so its processor time is in both sums and falls out of the difference.
/// </summary>
internal static class TurnOverhead
{
    private const int WarmUp = 20;
    private const string Text = "Say something short.";

    public static async Task<int> RunAsync(int pairs)
    {
        var place = Directory.CreateTempSubdirectory("plexum-codex-bench-");
        await using var model = await LoopbackModelServer.StartAsync(_ => new ModelAnswer().Reply("Something short."));
        var home = Path.Combine(place.FullName, "codex-home");
        model.Provider.WriteConfig(home);
        var settings = new ExecSettings
        {
            CodexHome = home,
            Environment = new ProcessEnvironment { Added = ImmutableDictionary<string, string>.Empty.Add("CODEX_HOME", home) },
        };
        var exec = new ExecServices(
            settings,
            new CodexBinarySource(PinnedCodex.Require(), Environment.GetEnvironmentVariable("PATH")),
            TimeProvider.System
        );
        var services = new AgentServices(
            Path.Combine(place.FullName, "profile"),
            new AgentSettings(),
            new RolloutSettings { CodexHome = home },
            TimeProvider.System,
            new ExecBackend(exec)
        )
        {
            Logs = new FileTurnLogStore(Path.Combine(place.FullName, "profile"), TimeProvider.System),
            Threads = new FileThreadRegister(Path.Combine(place.FullName, "profile")),
        };
        var system = ActorSystem.Create("bench", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");
        var registry = system.ActorOf(AgentRegistryActor.Props(services));

        var bare = new List<Sample>();
        var turns = new List<Sample>();
        for (var i = -WarmUp; i < pairs; i++)
        {
            var number = i + WarmUp;
            var alone = await MeasureAsync(() => BareAsync(services, exec, number));
            var acted = await MeasureAsync(() => TurnAsync(registry, services, number));
            if (i >= 0)
            {
                bare.Add(alone);
                turns.Add(acted);
            }
        }

        Print(pairs, bare, turns);
        await system.Terminate();
        place.Delete(recursive: true);
        return 0;
    }

    private static async Task BareAsync(AgentServices services, ExecServices exec, int number)
    {
        var turn = TurnId.Parse($"bare-{number}");
        var agent = new AgentDirectory(services.Profile, AgentId.Parse($"bare-{number}"));
        Directory.CreateDirectory(agent.DefaultWorkspace);
        var directory = TurnDirectory.Create(agent, turn);
        directory.WritePrompt(new Prompt(Text, []));
        var binary = await exec.Binaries.FindAsync();
        var codex = CodexLauncher.Start(
            binary,
            new CodexCommandLine().ToArguments(),
            exec.Settings.Environment.Build(binary, turn),
            agent.DefaultWorkspace,
            directory
        );
        Expect((await codex.Exited).IsSuccess, directory);
    }

    private static async Task TurnAsync(IActorRef registry, AgentServices services, int number)
    {
        var agent = new AgentDirectory(services.Profile, AgentId.Parse($"agent-{number}"));
        var request = new TurnRequest(agent.AgentId, agent.DefaultWorkspace, null, [TurnMessage.User(Text)]);
        var turn = TurnId.Parse($"turn-{number}");
        using var watch = services.Notifier.Watch(turn);
        var command = new AgentProtocol.SubmitTurn(turn, request, Submitter.Owner);
        if (await registry.Ask<AgentProtocol.IReply>(command) is AgentProtocol.TurnRejected rejected)
        {
            throw new InvalidOperationException(rejected.Refusal.Message);
        }

        Expect((await watch.Ended).StopReason == StopReason.EndTurn, TurnDirectory.Of(agent, turn));
    }

    private static void Expect(bool well, TurnDirectory directory)
    {
        if (!well)
        {
            throw new InvalidOperationException($"A turn failed: {File.ReadAllText(directory.StderrFile)}");
        }
    }

    private static async Task<Sample> MeasureAsync(Func<Task> run)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        await run();
        return new Sample(clock.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
    }

    private static void Print(int pairs, List<Sample> bare, List<Sample> turns)
    {
        Console.WriteLine(
            $"| {pairs} turns each, in turn | wall time, median | lowest – highest | processor time of this program, median |"
        );
        Console.WriteLine("|---|--:|--:|--:|");
        Console.WriteLine(Line("codex exec alone", bare));
        Console.WriteLine(Line("a turn through the actors", turns));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| overhead: the median of the differences | **{Median(Differences(s => s.Wall)):0.0} ms** "
                    + $"| | **{Median(Differences(s => s.Processor)):0.0} ms** |"
            )
        );

        IEnumerable<double> Differences(Func<Sample, double> of) => turns.Zip(bare, (turn, alone) => of(turn) - of(alone));
    }

    private static string Line(string title, List<Sample> samples) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {title} | {Median(samples.Select(s => s.Wall)):0.0} ms "
                + $"| {samples.Min(s => s.Wall):0.0} – {samples.Max(s => s.Wall):0.0} ms "
                + $"| {Median(samples.Select(s => s.Processor)):0.0} ms |"
        );

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private readonly record struct Sample(double Wall, double Processor);
}
