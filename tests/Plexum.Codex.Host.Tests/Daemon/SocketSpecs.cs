using System.Diagnostics;
using System.Net.Sockets;
using Plexum.Codex.Host.Hosting;

namespace Plexum.Codex.Host.Daemon;

public sealed class SocketSpecs : DaemonTest
{
    [Fact]
    public async Task The_socket_is_its_owner_s_alone_and_gone_after_a_stop()
    {
        await Stage.StartHostAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Stage.Settings.Api.Socket));
        await Stage.StopHostAsync();
        Assert.False(File.Exists(Stage.Settings.Api.Socket));
    }

    [Fact]
    public void The_socket_has_its_mode_before_anybody_can_connect()
    {
        using var socket = PrivateSocket.Bind(Stage.Settings.Api.Socket);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Stage.Settings.Api.Socket));
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var refused = Assert.Throws<SocketException>(() => client.Connect(new UnixDomainSocketEndPoint(Stage.Settings.Api.Socket)));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task A_second_daemon_of_a_profile_is_refused_and_names_the_first()
    {
        await Stage.StartHostAsync();

        var refused = await Assert.ThrowsAsync<CodexException>(() => DaemonHost.StartAsync(Stage.Settings, null));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await Stage.Api.GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task A_socket_that_a_dead_daemon_has_left_is_replaced()
    {
        LeaveSocket(Stage.Settings.Api.Socket);

        await Stage.StartHostAsync();

        Assert.Equal(200, (await Stage.Api.GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task A_socket_that_somebody_listens_at_is_left_to_them()
    {
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(Stage.Settings.Api.Socket));
        other.Listen();

        var refused = await Assert.ThrowsAsync<CodexException>(() => Stage.StartHostAsync());

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("api.socket", refused.Message, StringComparison.Ordinal);
        using var client = await Stage.Api.ConnectAsync();
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_socket_is_left_alone()
    {
        File.WriteAllText(Stage.Settings.Api.Socket, "keep");

        var refused = await Assert.ThrowsAsync<CodexException>(() => Stage.StartHostAsync());

        Assert.Contains("is a file, not a socket", refused.Message, StringComparison.Ordinal);
        Assert.Equal("keep", File.ReadAllText(Stage.Settings.Api.Socket));
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_socket_is_left_alone()
    {
        var target = Stage.Codex.File("target.sock");
        LeaveSocket(target);
        File.CreateSymbolicLink(Stage.Settings.Api.Socket, target);

        Assert.Contains(
            "is a link",
            (await Assert.ThrowsAsync<CodexException>(() => Stage.StartHostAsync())).Message,
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(target));
    }

    [Fact]
    public async Task A_path_that_is_too_long_for_a_socket_is_told_of_with_the_limit_and_the_way_out()
    {
        At(Path.Combine(Stage.Profile.Root, new string('s', 100)));

        var refused = await Assert.ThrowsAsync<CodexException>(() => Stage.StartHostAsync());

        Assert.Contains("107", refused.Message, StringComparison.Ordinal);
        Assert.Contains("api.socket", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_of_107_bytes_is_not_too_long()
    {
        var root = Directory.CreateTempSubdirectory("p-").FullName;
        try
        {
            At(Path.Combine(root, new string('s', 107 - root.Length - 1)));
            await Stage.StartHostAsync();
            Assert.Equal(200, (await Stage.Api.GetAsync("/healthz")).Status);
            await Stage.StopHostAsync();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task A_directory_that_may_not_be_written_to_is_told_of()
    {
        At("/proc/plexum-codex.sock");

        var refused = await Assert.ThrowsAsync<CodexException>(() => Stage.StartHostAsync());

        Assert.Contains("/proc", refused.Message, StringComparison.Ordinal);
        Assert.Contains("api.socket", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_start_gives_the_profile_back()
    {
        var socket = Stage.Settings.Api.Socket;
        At("/proc/plexum-codex.sock");
        await Assert.ThrowsAsync<CodexException>(() => Stage.StartHostAsync());

        At(socket);
        await Stage.StartHostAsync();
        Assert.Equal(200, (await Stage.Api.GetAsync("/healthz")).Status);
    }

    private static void LeaveSocket(string path)
    {
        using var process = Process.Start(
            "python3",
            ["-c", "import socket,sys; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()", path]
        );
        process.WaitForExit();
        Assert.True(File.Exists(path));
    }

    private void At(string socket) => Stage.Settings = Stage.Settings with { Api = Stage.Settings.Api with { Socket = socket } };
}
