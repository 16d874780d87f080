using System.Runtime.CompilerServices;
using System.Text.Json;
using Plexum.Codex.Client.Documents;

namespace Plexum.Codex.TestSupport.Molecule;

/// <summary>
/// <c>plexum-codex molecule</c> as a process, with FakeCodex as codex, and the platform as one transport sees it.
/// Peers are named by letters.
/// </summary>
internal abstract class MoleculeRig : IAsyncDisposable
{
    protected MoleculeRig(params string[] script)
    {
        Stage = new HostStage(script);
        Stage["PLEXUM_PROFILE_ROOT"] = null;
        Stage["CODEX_CHANNEL_MOLECULE_STATE_DIR"] = Stage.Profile;
        Stage["HOME"] = Stage.Folder;
        Stage["PLEXUM_MOLECULE_FIRST_BACK_OFF"] = "50ms";
        Stage["PLEXUM_MOLECULE_LONGEST_BACK_OFF"] = "200ms";
        Stage["PLEXUM_MOLECULE_POLL_INTERVAL"] = "50ms";
        Daemon = Stage.NewDaemon();
        Daemon.Arguments.Clear();
        Daemon.Arguments.Add("molecule");
    }

    public HostStage Stage { get; }

    public DaemonProcess Daemon { get; }

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

    /// <summary>Waits until the daemon has nothing left to do.</summary>
    public Task SettledAsync() => StatusAsync(inbox => inbox is { Received: 0, Answered: 0, Unacknowledged: 0 });

    public async Task StatusAsync(Func<MoleculeDocument, bool> isSo)
    {
        MoleculeDocument? inbox = null;
        await Limits.UntilAsync(
            async () =>
            {
                var answer = await Daemon.Api.GetAsync("/v1/status");
                inbox = JsonSerializer.Deserialize(answer.Must(200).Body, ApiJson.Default.StatusDocument)!.Molecule;
                return inbox is not null && isSo(inbox);
            },
            () => $"The inbox stayed {inbox}\n{Stage.ProgramLog()}"
        );
    }

    public Task UntilAsync(Func<bool> isSo, [CallerArgumentExpression(nameof(isSo))] string what = "") =>
        Limits.UntilAsync(isSo, Stage.ProgramLog, what);

    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        await DisposePlatformAsync();
        Stage.Dispose();
    }

    protected abstract ValueTask DisposePlatformAsync();
}
