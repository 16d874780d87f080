using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Commands;

public sealed class ServeCommandSpecs : IDisposable
{
    private const int Terminate = 15;

    private readonly HostStage _stage = new("touch ${cwd}/../ready", "wait ${cwd}/../go", "thread", "turn", "say done", "completed 1 1");

    private string Socket => Path.Combine(_stage.Profile, "plexum-codex.sock");

    private string Agent => Path.Combine(_stage.Profile, "agents", "alice");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task R7_a_daemon_that_is_stopped_leaves_codex_running_and_the_next_one_takes_its_turn_up()
    {
        string turn;
        using (var first = _stage.Start("serve"))
        {
            await first.ComplainsAsync("listening at");
            turn = await SubmitAsync();
            await AppearsAsync(Path.Combine(Agent, "ready"));

            first.Signal(Terminate);
            var end = await first.EndsAsync();

            Assert.Equal(0, end.ExitCode);
            Assert.Contains("1 turn continues without the daemon; its next start recovers it", end.Errors, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Socket));
        using var second = _stage.Start("serve");
        await second.ComplainsAsync("listening at");
        File.WriteAllText(Path.Combine(Agent, "go"), "");
        using var http = Client();

        var events = await http.GetStringAsync($"/v1/turns/{turn}/events");

        Assert.Contains("\"text\":\"done\"", events, StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"end_turn\"", events, StringComparison.Ordinal);
        Assert.Single(_stage.Turns);
        second.Signal(Terminate);
        Assert.Contains("no turn is running", (await second.EndsAsync()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draining_stop_takes_no_more_turns_and_waits_for_the_running_one()
    {
        using var daemon = _stage.Start("serve", "--drain");
        await daemon.ComplainsAsync("listening at");
        await SubmitAsync();
        await AppearsAsync(Path.Combine(Agent, "ready"));

        daemon.Signal(Terminate);
        await daemon.ComplainsAsync("draining");
        using var http = Client();
        using var refused = await http.PostAsync("/v1/agents/alice/turns", Body());
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Contains("shutting_down", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Agent, "go"), "");
        var end = await daemon.EndsAsync();

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("no turn is running", end.Errors, StringComparison.Ordinal);
        Assert.Contains("end_turn", _stage.LogOf("alice")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_ends_the_draining()
    {
        using var daemon = _stage.Start("serve", "--drain");
        await daemon.ComplainsAsync("listening at");
        await SubmitAsync();
        await AppearsAsync(Path.Combine(Agent, "ready"));
        daemon.Signal(Terminate);
        await daemon.ComplainsAsync("draining");

        daemon.Signal(Terminate);
        var end = await daemon.EndsAsync();
        File.WriteAllText(Path.Combine(Agent, "go"), "");

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("1 turn continues", end.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:7400", "other machines")]
    [InlineData("nowhere", "no address")]
    public async Task An_address_that_is_refused_ends_with_a_sentence(string address, string says)
    {
        var end = await _stage.RunAsync("serve", "--listen", address);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains(says, end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_daemon_ends_with_the_first_one_s_name()
    {
        using var daemon = _stage.Start("serve");
        await daemon.ComplainsAsync("listening at");

        var end = await _stage.RunAsync("serve");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("is already running: process ", end.Errors, StringComparison.Ordinal);
        daemon.Signal(Terminate);
        Assert.Equal(0, (await daemon.EndsAsync()).ExitCode);
    }

    private static StringContent Body() => new("""{"messages":[{"role":"user","content":"x"}]}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

    private async Task<string> SubmitAsync()
    {
        using var http = Client();
        using var response = await http.PostAsync("/v1/agents/alice/turns", Body());
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 202, answer);
        return (string)JsonNode.Parse(answer)!["turn_id"]!;
    }

    private static Task AppearsAsync(string path) =>
        Limits.UntilAsync(() => File.Exists(path));

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://plexum"),
    };
}
