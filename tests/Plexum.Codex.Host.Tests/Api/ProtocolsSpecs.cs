using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Api;

public sealed partial class ProtocolsSpecs : IDisposable
{
    private static readonly string DocText = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "protocols.md"));

    private readonly HostStage _stage = new("thread", "turn", "say hello", "completed 1 1");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_command_of_the_page_runs_as_it_stands()
    {
        _stage["PLEXUM_PROFILE_ROOT"] = null;
        _stage["HOME"] = _stage.Folder;
        _stage["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var script = string.Concat(Commands().Matches(DocText).Select(block => block.Groups["text"].Value + "\necho\n"))
            .Replace("plexum-codex serve &", $"plexum-codex serve --listen 127.0.0.1:{port} &", StringComparison.Ordinal)
            .Replace("127.0.0.1:7400", $"127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("curl -s", "curl -S -s", StringComparison.Ordinal);

        using var shell = _stage.StartInShell("set -e\n" + script);
        var end = await shell.EndsAsync();

        Assert.True(end.ExitCode == 0, end.Errors + end.Output);
        Assert.DoesNotContain("curl:", end.Errors.Replace("curl: (7)", "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (
            var sign in new[]
            {
                "\"position\":0",
                "event: message_end",
                "\"outcome\":\"ended\"",
                "\"uptime_seconds\"",
                "\"openapi\": \"3.1.0\"",
                "\"touched\":0",
                "bad_request_body",
                "\"days\":",
                "id: 2\n",
            }
        )
        {
            Assert.Contains(sign, end.Output, StringComparison.Ordinal);
        }

        Assert.Equal(2, _stage.Turns.Count);
        Assert.Equal(1, Regex.Count(end.Output, "\"type\":\"urn:plexum-codex:problem"));
    }

    [Fact]
    public void Every_code_of_a_refusal_stands_on_the_page()
    {
        foreach (var reason in Enum.GetValues<TurnRefusalReason>())
        {
            Assert.Contains($"`{new TurnRefusal(reason, "").Code}`", DocText, StringComparison.Ordinal);
        }

        foreach (var reason in Enum.GetValues<ConsumeFailureReason>())
        {
            Assert.Contains($"`{new ConsumeFailure(reason, "").Code}`", DocText, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("^```sh.*?\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Commands();
}
