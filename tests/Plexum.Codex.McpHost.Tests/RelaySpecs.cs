using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Plexum.Codex.McpHost;

/// <summary>The relay as codex starts it: as a command of the program, and as the small program.</summary>
public sealed class RelaySpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("plexum-codex-relay-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public static TheoryData<string> Programs => ["plexum-codex", "plexum-codex-mcp-host"];

    private string SocketPath => Path.Combine(_folder, "s");

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_says_who_it_is_and_carries_everything_both_ways(string program)
    {
        Listen();
        using var relay = Start(program, ["--socket", SocketPath, "--agent-id", "alice"], ("PLEXUM_MCP_TOKEN", "secret"));
        using var daemon = await _listener.AcceptAsync().WithinLimit();
        using var stream = new NetworkStream(daemon);
        Assert.Equal("plexum-mcp 1 alice secret\n", await ReadAsync(stream, 26));
        var large = string.Concat(Enumerable.Range(0, 200_000).Select(i => (char)('a' + (i % 26)))) + "\n";

        var writing = stream.WriteAsync(Encoding.UTF8.GetBytes(large)).AsTask();
        Assert.Equal(large, await ReadAsync(relay.StandardOutput.BaseStream, large.Length));
        await writing.WithinLimit();
        var answering = relay.StandardInput.WriteAsync(large);
        Assert.Equal(large, await ReadAsync(stream, large.Length));
        await answering.WithinLimit();
        relay.StandardInput.Close();

        Assert.Equal(0, await ExitOf(relay));
        Assert.Equal(0, await daemon.ReceiveAsync(new byte[1]).WithinLimit());
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_ends_when_the_daemon_closes_and_says_why_when_that_was_at_once(string program)
    {
        Listen();
        using var relay = Start(
            program,
            [],
            ("PLEXUM_MCP_TOKEN", "wrong"),
            ("PLEXUM_MCP_SOCKET", SocketPath),
            ("PLEXUM_MCP_AGENT_ID", "alice")
        );

        (await _listener.AcceptAsync().WithinLimit()).Dispose();

        Assert.Equal(1, await ExitOf(relay));
        Assert.StartsWith(
            "mcp-host: the daemon closed the connection",
            await relay.StandardError.ReadToEndAsync(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_does_not_outlive_the_one_that_started_it(string program)
    {
        Listen();
        var command = $"{Command(program)} <&3 & echo $!; read -r line";
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"exec 3<>{_folder}/pipe; {command}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment =
                {
                    ["PLEXUM_MCP_TOKEN"] = "t",
                    ["PLEXUM_MCP_SOCKET"] = SocketPath,
                    ["PLEXUM_MCP_AGENT_ID"] = "alice",
                },
            }
        )!;
        var relay = int.Parse((await shell.StandardOutput.ReadLineAsync().WithinLimit())!, CultureInfo.InvariantCulture);
        using var daemon = await _listener.AcceptAsync().WithinLimit();
        using var stream = new NetworkStream(daemon);
        await ReadAsync(stream, 21);

        shell.Kill();

        Assert.Equal(0, await daemon.ReceiveAsync(new byte[1]).WithinLimit());
        await ProcessProbe.GoneAsync(relay);
    }

    [Theory]
    [InlineData("mcp-host: --socket needs value", "--socket")]
    [InlineData("mcp-host: --agent-id needs value", "--socket", "s", "--agent-id")]
    [InlineData("mcp-host: unknown mcp-host flag: --port", "--port", "1")]
    [InlineData("mcp-host: no socket given")]
    [InlineData("mcp-host: no agent given", "--socket", "s")]
    [InlineData("mcp-host: no token given", "--socket", "s", "--agent-id", "a")]
    public async Task What_is_wrong_is_said_on_stderr_with_exit_code_1(string error, params string[] arguments)
    {
        foreach (var program in (string[])["plexum-codex", "plexum-codex-mcp-host"])
        {
            using var relay = Start(program, arguments);

            Assert.Equal(1, await ExitOf(relay));
            Assert.StartsWith(error, await relay.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
            Assert.Equal("", await relay.StandardOutput.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_named()
    {
        using var relay = Start("plexum-codex-mcp-host", ["--socket", SocketPath, "--agent-id", "a"], ("PLEXUM_MCP_TOKEN", "t"));

        Assert.Equal(1, await ExitOf(relay));
        Assert.StartsWith(
            $"mcp-host: cannot connect to {SocketPath}: No such file",
            await relay.StandardError.ReadToEndAsync(),
            StringComparison.Ordinal
        );
    }

    private static string Command(string program) =>
        Path.Combine(AppContext.BaseDirectory, program) + (program == "plexum-codex" ? " mcp-host" : "");

    private static Process Start(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, program),
            program == "plexum-codex" ? ["mcp-host", .. arguments] : arguments
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.AutoFlush = true;
        return process;
    }

    private void Listen()
    {
        using (var mkfifo = Process.Start("mkfifo", [Path.Combine(_folder, "pipe")]))
        {
            mkfifo.WaitForExit();
        }

        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
    }

    private static async Task<int> ExitOf(Process process)
    {
        await process.WaitForExitAsync().WithinLimit();
        return process.ExitCode;
    }

    private static async Task<string> ReadAsync(Stream stream, int bytes)
    {
        var buffer = new byte[bytes];
        await stream.ReadExactlyAsync(buffer).WithinLimit();
        return Encoding.UTF8.GetString(buffer);
    }
}
