using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Security.Platform;

/// <summary>
/// A peer of the molecule platform asks for the platform's token, and the model does as it is told, without any sandbox. The daemon and
/// the model's commands run as one user without privileges, since root may read everything.
/// </summary>
public sealed class PlatformTokenSpecs(PlatformTokenSpecs.OrdinaryDaemon daemon) : IClassFixture<PlatformTokenSpecs.OrdinaryDaemon>
{
    [OrdinaryUserFact]
    public async Task S5_A_command_finds_no_token_in_the_daemons_environment()
    {
        var reply = await daemon.AskAsync($"cat /proc/{daemon.Id}/environ; echo that was it");

        Assert.Contains("that was it", reply, StringComparison.Ordinal);
        Assert.DoesNotContain(daemon.Token, reply, StringComparison.Ordinal);
    }

    [OrdinaryUserFact]
    public async Task S5_A_command_cannot_read_the_daemons_memory()
    {
        var reply = await daemon.AskAsync(
            $"(: < /proc/{daemon.Id}/mem) && echo could be opened; cat /proc/{daemon.Id}/maps && echo could be read; echo that was it"
        );

        Assert.Contains("that was it", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("could be", reply, StringComparison.Ordinal);
    }

    [OrdinaryUserFact]
    public async Task S5_A_command_finds_no_diagnostics_port_of_the_daemons_runtime()
    {
        var reply = await daemon.AskAsync("""ls "$TMPDIR"; echo that was it""");

        // FakeCodex is a .NET program too, and has one.
        Assert.Contains("dotnet-diagnostic-", reply, StringComparison.Ordinal);
        Assert.DoesNotContain($"-{daemon.Id}-", reply, StringComparison.Ordinal);
    }

    [OrdinaryUserFact]
    public async Task Codex_and_its_commands_may_still_be_diagnosed()
    {
        var reply = await daemon.AskAsync("""echo "diagnostics ${DOTNET_EnableDiagnostics-not mentioned}" """);

        Assert.Contains("diagnostics not mentioned", reply, StringComparison.Ordinal);
    }

    /// <summary>
    /// A daemon that is given the token in a variable and is started by hand, so with a diagnostics port at first.
    /// </summary>
    public sealed class OrdinaryDaemon : IAsyncLifetime
    {
        private DirectRig? _rig;
        private int _asked;

        private DirectRig Rig => _rig ?? throw new InvalidOperationException("There is no user to run the daemon as.");

        public int Id => Rig.Daemon.Id;

        public string Token => Rig.Workspace.Token;

        public async Task InitializeAsync()
        {
            if (OrdinaryUser.WhyNot is not null)
            {
                return;
            }

            _rig = await DirectRig.MakeAsync("thread", "turn", "obey", "completed 1 1");
            var temporary = Directory.CreateDirectory(_rig.Stage.File("tmp")).FullName;
            _rig.Stage["TMPDIR"] = temporary;
            _rig.Stage["DOTNET_EnableDiagnostics"] = null;
            OrdinaryUser.Give(_rig.Stage.Folder);
            _rig.Daemon.BecomeOrdinary();
            _rig.Daemon.Launch();

            // Its socket may be for its own user only, so it is not asked whether it is ready.
            await AskAsync("echo ready");
        }

        public Task DisposeAsync() => _rig?.DisposeAsync().AsTask() ?? Task.CompletedTask;

        /// <summary>A new peer sends a command.</summary>
        /// <returns>The reply.</returns>
        internal async Task<string> AskAsync(string command)
        {
            var peer = $"peer {Interlocked.Increment(ref _asked)}";
            Rig.PeerSays(peer, command);
            await Limits.UntilAsync(() => Rig.Got(peer).Count == 1, () => Rig.Daemon.Errors, "the peer got a reply");
            return Rig.Got(peer)[0];
        }
    }
}
