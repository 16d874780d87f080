using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Events;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>
/// A daemon that runs as a user without privileges, with all there is to read, write and reach around it. It is not in a temporary
/// directory, because commands may write in those.
/// </summary>
internal sealed class ReachStage : IAsyncDisposable
{
    private const string Can = "can:";
    private const string Data = "data: ";

    private readonly TemporaryDirectory _root = new("/var/tmp");
    private readonly string _abstractName = $"plexum-codex-{Guid.NewGuid():N}";
    private readonly OpenSocket[] _sockets;
    private readonly DaemonProcess _daemon;
    private int _agents;

    public ReachStage(LoopbackModelServer model)
    {
        model.Provider.WriteConfig(At("codex-home"));
        foreach (var file in new[] { "home/.ssh/id", "elsewhere/file", "profile/note", "profile/agents/bob/workspace/file" })
        {
            Put(file);
        }

        File.WriteAllText(At("codex-home/auth.json"), """{"OPENAI_API_KEY": "of-the-tests"}""");
        _sockets = [OpenSocket.OfLoopback(), OpenSocket.OfUnix(At("elsewhere/socket")), OpenSocket.OfUnix("\0" + _abstractName)];
        _daemon = new DaemonProcess(At("profile"), () => Variables);
        _daemon.BecomeOrdinary();
    }

    /// <summary>What a command may be able to do, with a command that tries it.</summary>
    public IReadOnlyList<(string Name, string What, string Command)> Rows =>
        [
            ("read-workspace", "read its workspace", "cat file"),
            ("read-other", "read another agent's workspace in the profile", $"cat {At("profile/agents/bob/workspace/file")}"),
            ("read-profile", "read the rest of the profile", $"cat {At("profile/note")}"),
            ("read-auth", "read codex's `auth.json`", $"cat {At("codex-home/auth.json")}"),
            ("read-ssh", "read `~/.ssh`", $"cat {At("home/.ssh/id")}"),
            ("read-elsewhere", "read a file elsewhere", $"cat {At("elsewhere/file")}"),
            ("write-workspace", "write in its workspace", "touch made"),
            ("write-tmp", "write in `/tmp`", $"rm $(mktemp /tmp/{_abstractName}.XXXXXX)"),
            ("write-home", "write in the home directory", $"rm $(mktemp {At("home/made.XXXXXX")})"),
            ("write-profile", "write in the profile", $"rm $(mktemp {At("profile/made.XXXXXX")})"),
            ("reach-tcp", "reach TCP on loopback", $"curl http://127.0.0.1:{Invariant(_sockets[0].Port)}/"),
            ("reach-daemon", "use the daemon's socket", $"curl -f --unix-socket {Socket} http://localhost/healthz"),
            ("reach-socket", "use a unix socket elsewhere", $"curl --unix-socket {At("elsewhere/socket")} http://localhost/"),
            ("reach-abstract", "use an abstract socket", $"curl --abstract-unix-socket {_abstractName} http://localhost/"),
            ("signal", "send the daemon a signal", $"grep -x plexum-codex /proc/{Daemon}/comm && kill -0 {Daemon}"),
            ("environ", "read the daemon's environment", $"cat /proc/{Daemon}/environ"),
        ];

    private string Daemon => Invariant(_daemon.Id);

    private string Socket => At("profile/plexum-codex.sock");

    private Dictionary<string, string?> Variables =>
        new()
        {
            [Host.Configuration.Profile.RootVariable] = At("profile"),
            ["PLEXUM_CODEX_BINARY"] = CodexRig.Codex,
            ["CODEX_HOME"] = At("codex-home"),
            ["HOME"] = At("home"),
            ["TMPDIR"] = "/tmp",
        };

    /// <summary>Starts the daemon, or starts it anew with other settings.</summary>
    /// <param name="settings">Settings, as <c>--set</c> takes them.</param>
    public async Task StartAsync(params string[] settings)
    {
        if (_daemon.Starts > 0)
        {
            await _daemon.StopAsync();
        }

        OrdinaryUser.Give(_root.Root);
        _daemon.Launch(settings);

        // Its socket is for its own user only.
        await Limits.UntilAsync(
            async () => (await CurlAsync("", "-f", "http://localhost/readyz")).ExitCode == 0,
            () => _daemon.Errors,
            "the daemon takes turns"
        );
    }

    /// <summary>Has a new agent's command try everything.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="backend">What runs the turn.</param>
    /// <returns>The names of the rows that it can do.</returns>
    public async Task<HashSet<string>> MeasureAsync(string sandbox, BackendKind backend)
    {
        var agent = $"agent-{Invariant(Interlocked.Increment(ref _agents))}";
        Put($"profile/agents/{agent}/workspace/file");
        OrdinaryUser.Give(At($"profile/agents/{agent}"));
        var lines = Rows.Select(row => $"if ({row.Command}) > /dev/null 2>&1; then echo {Can}{row.Name}; fi");
        var script = $"curl() {{ command curl -s -m 10 --noproxy '*' \"$@\"; }}\n{string.Join('\n', lines)}\necho all-tried";
        var request = new JsonObject
        {
            ["sandbox"] = sandbox,
            ["backend"] = backend.ToWireName(),
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"!run {script}\n!outputs" }),
        };
        var end = await CurlAsync(
            request.ToJsonString(),
            "-N",
            "-H",
            "Content-Type: application/json",
            "-H",
            "Accept: text/event-stream",
            "-d",
            "@-",
            $"http://localhost/v1/agents/{agent}/turns"
        );
        var said = string.Concat(TextsOf(end.Output));
        Assert.True(said.Contains("all-tried", StringComparison.Ordinal), $"{sandbox}: {end.Output}{end.Errors}");
        var answers = said.Split('\n').Where(line => line.StartsWith(Can, StringComparison.Ordinal));
        return [.. answers.Select(line => line[Can.Length..].Trim())];
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        _root.Dispose();
    }

    private static IEnumerable<string> TextsOf(string stream) =>
        stream
            .Split('\n')
            .Where(line => line.StartsWith(Data, StringComparison.Ordinal))
            .Select(line => CanonicalJsonReader.TryRead(Encoding.UTF8.GetBytes(line[Data.Length..]), out _, out var value) ? value : null)
            .OfType<CanonicalEvent.TextDelta>()
            .Select(delta => delta.Text);

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<ProgramEnd> CurlAsync(string input, params string[] arguments)
    {
        string[] command = [.. OrdinaryUser.Prefix, "curl", "-s", "--unix-socket", Socket, .. arguments];
        using var curl = ProgramProcess.Start(command[0], command[1..], Variables);
        return await curl.EndsAsync(input);
    }

    private string At(string name) => _root.File(name);

    private void Put(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
        File.WriteAllText(At(file), "something to read");
    }
}
