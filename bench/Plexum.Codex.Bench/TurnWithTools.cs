using Plexum.Codex.Chaos;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>A daemon with a turn that has a tool and does not end.</summary>
internal sealed class TurnWithTools : IAsyncDisposable
{
    private const int Forever = 600_000;

    private readonly DaemonProcess _daemon;
    private readonly string _turn;

    private TurnWithTools(DaemonProcess daemon, string turn, IReadOnlyDictionary<string, string> variables) =>
        (_daemon, _turn, Variables) = (daemon, turn, variables);

    /// <summary>What codex gives the relay.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    public static async Task<TurnWithTools> BeginAsync(DirectoryInfo place)
    {
        var profile = place.CreateSubdirectory("profile").FullName;
        IChaosCodex codex = new ScriptedCodex(place.FullName, Forever);
        var daemon = new DaemonProcess(profile, () => codex.Environment(profile));
        await daemon.StartAsync();
        var turn = await daemon.Api.SubmitAsync("hello", change: DaemonApi.WithTool);

        // By its first words codex has been started, and so the turn's record is written.
        await daemon.Api.EventsToAsync(turn, "text_delta");
        var directory = TurnDirectory.Of(new AgentDirectory(profile, AgentId.Parse("alice")), TurnId.Parse(turn));
        return new TurnWithTools(
            daemon,
            turn,
            new Dictionary<string, string>
            {
                ["PLEXUM_MCP_SOCKET"] = Directory.EnumerateFiles(Path.Combine(profile, "run"), "*.sock").Single(),
                ["PLEXUM_MCP_AGENT_ID"] = "alice",
                ["PLEXUM_MCP_TOKEN"] = ExecRecord.Load(directory)!.ToolToken!,
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.Api.CancelAsync(_turn, force: true);
        await _daemon.Api.EventsAsync(_turn);
        await _daemon.DisposeAsync();
    }
}
