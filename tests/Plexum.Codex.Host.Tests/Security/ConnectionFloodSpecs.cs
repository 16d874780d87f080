using System.Globalization;
using System.Net;
using Plexum.Codex.Host.Connections;

namespace Plexum.Codex.Host.Security;

/// <summary>Another user opens connections and sends nothing, or never the token. The benchmark does it 20,000 times.</summary>
public sealed class ConnectionFloodSpecs() : DaemonTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    private const int Flood = 500;
    private const int Allowed = 50;

    private int Port => new Uri(Stage.Host.Address!).Port;

    private string Token => File.ReadAllText(Stage.Settings.Api.TokenFile).Trim();

    [Fact]
    public async Task S9_A_flood_of_idle_connections_leaves_the_daemon_to_its_owner()
    {
        await StartAsync(new ConnectionSettings { Max = 2 * Allowed, MaxUnauthenticated = Allowed });
        using var owner = await TcpSession.OpenAsync(Port);
        Assert.Equal(200, await owner.GetAsync("/v1/status", Token));

        var strangers = new List<TcpSession>();
        try
        {
            for (var i = 0; i < Flood; i++)
            {
                strangers.Add(await TcpSession.OpenAsync(Port));
            }

            // All but the last of them are closed; the owner's is not, though it is older.
            await Limits.UntilAsync(() => strangers.Count(stranger => !stranger.IsClosed) <= Allowed);
            Assert.Equal(200, await owner.GetAsync("/v1/status", Token));
            using var another = await TcpSession.OpenAsync(Port);
            Assert.Equal(200, await another.GetAsync("/v1/status", Token));
            await Stage.Api.EndedAsync(await Stage.Api.SubmitAsync("still served"));
            Assert.Single(Stage.Codex.Turns);
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }
    }

    [Fact]
    public async Task S9_A_connection_that_never_shows_the_token_is_closed_and_one_that_did_is_kept()
    {
        await StartAsync(new ConnectionSettings { AuthenticationLimit = TimeSpan.FromMilliseconds(500) });
        using var owner = await OwnerAsync();
        using var silent = await TcpSession.OpenAsync(Port);
        using var guessing = await TcpSession.OpenAsync(Port);
        Assert.NotEqual(200, await guessing.GetAsync("/v1/status", "not-the-token-of-anybody"));

        await silent.ClosedAsync();
        await guessing.ClosedAsync();

        Assert.Equal(200, await owner.GetAsync("/v1/status", Token));
    }

    [Fact]
    public async Task S9_What_comes_when_all_connections_are_the_owners_is_closed_at_once()
    {
        await StartAsync(new ConnectionSettings { Max = 2 });
        using var first = await TcpSession.OpenAsync(Port);
        using var second = await TcpSession.OpenAsync(Port);
        Assert.Equal((200, 200), (await first.GetAsync("/v1/status", Token), await second.GetAsync("/v1/status", Token)));

        using var third = await TcpSession.OpenAsync(Port);
        await third.ClosedAsync();

        Assert.Equal((200, 200), (await first.GetAsync("/v1/status", Token), await second.GetAsync("/v1/status", Token)));
        Assert.Equal(200, (await Stage.Api.GetAsync("/v1/status")).Status);
    }

    [Fact]
    public async Task S9_Connections_do_not_take_the_last_descriptors()
    {
        using var stage = new HostStage("thread", "turn", "say ${prompt}", "completed 1 1");
        var port = TcpSession.FreePort();
        string[] serve =
        [
            "serve",
            "--listen",
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            "--set",
            "turns.max-running=2",
            "--set",
            "api.max-unauthenticated=1024",
        ];
        using var daemon = stage.StartOther("prlimit", ["--nofile=512:512", ProgramProcess.PlexumCodex, .. serve]);
        using var api = new DaemonApi(Path.Combine(stage.Profile, "plexum-codex.sock"));
        await Limits.UntilAsync(() => api.IsReadyAsync(), () => daemon.Errors, "the daemon takes turns");

        var strangers = new List<TcpSession>();
        try
        {
            // Twice as many as it may have files open.
            for (var i = 0; i < 1024; i++)
            {
                strangers.Add(await TcpSession.OpenAsync(port));
            }

            await api.EndedAsync(await api.SubmitAsync("still served"));
            using var owner = await TcpSession.OpenAsync(port);
            var token = await File.ReadAllTextAsync(Path.Combine(stage.Profile, "api-token"));
            Assert.Equal(200, await owner.GetAsync("/v1/status", token.Trim()));
            Assert.False(daemon.HasExited);
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }
    }

    // On a busy machine even the owner may not be in time at first.
    private async Task<TcpSession> OwnerAsync()
    {
        TcpSession? session = null;
        await Limits.UntilAsync(async () =>
        {
            session?.Dispose();
            session = await TcpSession.OpenAsync(Port);
            return await session.GetAsync("/v1/status", Token) == 200;
        });
        return session!;
    }

    private Task StartAsync(ConnectionSettings settings)
    {
        Stage.Settings = Stage.Settings with { Api = Stage.Settings.Api with { Connections = settings } };
        return Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
    }
}
