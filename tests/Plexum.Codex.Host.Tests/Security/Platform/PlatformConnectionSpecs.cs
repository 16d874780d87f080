using System.Net;
using System.Net.Sockets;
using Plexum.Codex.Molecule;
using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Security.Platform;

/// <summary>Somebody on the way, or a server of theirs, wants to have the platform's token.</summary>
public sealed class PlatformConnectionSpecs : IAsyncLifetime, IAsyncDisposable
{
    private readonly TcpListener _theirs = new(IPAddress.Loopback, 0);
    private DirectRig _rig = null!;

    private Uri Theirs => new($"http://{_theirs.LocalEndpoint}/");

    public async Task InitializeAsync()
    {
        _theirs.Start();
        _rig = await DirectRig.MakeAsync("thread", "turn", "say echo: ${prompt}", "completed 1 1");
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync()
    {
        _theirs.Dispose();
        return _rig.DisposeAsync();
    }

    [Theory]
    [InlineData("http://platform.example")]
    [InlineData("http://192.0.2.1:8080")]
    [InlineData("http://[2001:db8::1]/base")]
    [InlineData("http://127.0.0.1.platform.example")]
    public async Task S19_An_unencrypted_platform_on_another_machine_is_refused_with_the_way_out(string url)
    {
        _rig.Stage["PLATFORM_URL"] = url;

        var end = await _rig.Stage.RunAsync("molecule");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("would send the workspace's token unencrypted to another machine", end.Errors, StringComparison.Ordinal);
        Assert.Contains("molecule.send-token-unencrypted-to", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S19_A_redirect_does_not_take_the_token_along()
    {
        _rig.Platform.Faults.Next("/activity", Fault.Redirect(Theirs));
        _rig.Platform.Faults.Next("/a2a", Fault.Redirect(Theirs));
        await _rig.Daemon.StartAsync();

        await AnswerAsync();

        Assert.Equal(2, _rig.Platform.Requests.Count(request => request.Status == 307));
        Assert.False(_theirs.Pending());
    }

    [Fact]
    public async Task S19_A_proxy_that_the_environment_names_does_not_get_an_unencrypted_token()
    {
        foreach (var name in new[] { "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY" })
        {
            _rig.Stage[name] = Theirs.AbsoluteUri;
        }

        _rig.Stage["no_proxy"] = _rig.Stage["NO_PROXY"] = null;
        await _rig.Daemon.StartAsync();

        await AnswerAsync();

        Assert.False(_theirs.Pending());
    }

    // Whoever is asked in the platform's place never answers, so the wait ends with that as well.
    private async Task AnswerAsync()
    {
        _rig.PeerSays("a", "hello");
        await _rig.UntilAsync(() => _theirs.Pending() || _rig.Got("a").Count == 1);
    }
}
