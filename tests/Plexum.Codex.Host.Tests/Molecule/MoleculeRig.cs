using System.Runtime.CompilerServices;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.TestSupport;

namespace Plexum.Codex.Host.Molecule;

/// <summary>
/// <c>plexum-codex molecule</c> as a process, with FakeCodex as codex, and the platform as one transport sees it. Peers are named by letters.
/// </summary>
internal abstract class MoleculeRig : IAsyncDisposable
{
    private const int Kill = 9;
    private const int Terminate = 15;

    private PlexumCodexProcess? _process;

    protected MoleculeRig(params string[] script)
    {
        Stage = new HostStage(script);
        Stage["PLEXUM_PROFILE_ROOT"] = null;
        Stage["CODEX_CHANNEL_MOLECULE_STATE_DIR"] = Stage.Profile;
        Stage["HOME"] = Stage.Folder;
        Stage["PLEXUM_MOLECULE_FIRST_BACK_OFF"] = "50ms";
        Stage["PLEXUM_MOLECULE_LONGEST_BACK_OFF"] = "200ms";
        Stage["PLEXUM_MOLECULE_POLL_INTERVAL"] = "50ms";
    }

    public HostStage Stage { get; }

    /// <summary>What the command is started with.</summary>
    public List<string> Arguments { get; } = ["molecule"];

    public IReadOnlyList<FakeCodexCall> Turns => Stage.Turns;

    /// <summary>The texts that the canvas user was shown.</summary>
    public abstract IReadOnlyList<string> Shown { get; }

    /// <summary>The texts that a peer got.</summary>
    public abstract IReadOnlyList<string> Got(string peer);

    public abstract void UserSays(string text);

    public abstract void PeerSays(string peer, params string[] parts);

    /// <summary>Something comes that no answer is to be given to.</summary>
    public abstract void SendUnanswerable();

    /// <summary>The next replies to the user fail.</summary>
    public abstract void FailReplies(int times);

    /// <summary>The next acknowledgement fails.</summary>
    public abstract void FailPop();

    /// <summary>How often new messages were asked for.</summary>
    public abstract int Polls { get; }

    public async Task StartAsync()
    {
        _process = Stage.Start([.. Arguments]);
        await _process.ComplainsAsync("listening at ");
    }

    public async Task<ProgramEnd> StopAsync()
    {
        _process!.Signal(Terminate);
        return await _process.EndsAsync();
    }

    public async Task KillAsync()
    {
        _process!.Signal(Kill);
        await _process.EndsAsync();
    }

    public Task<ProgramEnd> EndsAsync() => _process!.EndsAsync();

    public async Task<StatusDocument> StatusAsync()
    {
        using var daemon = new DaemonClient(Path.Combine(Stage.Profile, "plexum-codex.sock"), TimeProvider.System, DaemonClient.UsualPatience);
        return await daemon.StatusAsync();
    }

    /// <summary>Waits until the daemon has nothing left to do.</summary>
    public Task SettledAsync() => StatusAsync(inbox => inbox is { Received: 0, Answered: 0, Unacknowledged: 0 });

    public async Task StatusAsync(Func<MoleculeDocument, bool> isSo)
    {
        StatusDocument? status = null;
        await Limits.UntilAsync(
            async () => (status = await StatusAsync()).Molecule is { } inbox && isSo(inbox), () => $"The inbox stayed {status?.Molecule}\n{Stage.ProgramLog()}");
    }

    public Task UntilAsync(Func<bool> isSo, [CallerArgumentExpression(nameof(isSo))] string what = "") => Limits.UntilAsync(isSo, Stage.ProgramLog, what);

    public async ValueTask DisposeAsync()
    {
        _process?.Dispose();
        await DisposePlatformAsync();
        Stage.Dispose();
    }

    protected abstract ValueTask DisposePlatformAsync();
}
