namespace Plexum.Codex.Host.Security.Callers;

/// <summary>Processes that are not the owner's own connect to the daemon's socket.</summary>
public sealed class CallerSpecs(CallerSpecs.Daemon daemon) : IClassFixture<CallerSpecs.Daemon>
{
    private static readonly string[] Obedient = ["thread", "turn", "obey", "completed 1 1"];

    private const string Turn = "-H 'Content-Type: application/json' -d '{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}'";

    private string Socket => daemon.Stage.Settings.Api.Socket;

    [Fact]
    public async Task S6_A_command_of_a_turn_cannot_use_the_daemons_socket()
    {
        var agent = daemon.Agent("s6-command", Obedient);

        var said = await SaysAsync(agent, $"{Curl("/v1/status")}; {Curl("/v1/agents/s6-victim/turns", Turn)}");

        Assert.Equal(2, said.Split("caller_refused 403").Length - 1);
        Assert.Equal(404, (await daemon.Stage.Api.GetAsync("/v1/agents/s6-victim")).Status);
    }

    [Fact]
    public async Task S6_The_program_itself_is_refused_in_a_turn_and_told_of_the_setting()
    {
        var agent = daemon.Agent("s6-program", Obedient);
        var program = $"PLEXUM_PROFILE_ROOT='{daemon.Stage.Profile.Root}' '{ProgramProcess.PlexumCodex}' submit --agent s6-victim x";

        var said = await SaysAsync(agent, $"{program}; echo exit=$?");

        Assert.Contains("api.turns-may-call", said, StringComparison.Ordinal);
        Assert.Contains("exit=2", said, StringComparison.Ordinal);
        Assert.Equal(404, (await daemon.Stage.Api.GetAsync("/v1/agents/s6-victim")).Status);
    }

    [Fact]
    public async Task S6_A_command_that_left_its_turn_its_session_and_its_environment_is_still_refused()
    {
        var agent = daemon.Agent("s6-orphan", Obedient);
        File.WriteAllText(
            agent.File("attack.sh"),
            $"until [ -e go ]; do sleep 0.02; done\n{Curl("/v1/status")} > answer.new 2>&1\nmv answer.new answer\n"
        );

        await agent.RunAsync("(setsid env -i /bin/sh attack.sh < /dev/null > /dev/null 2>&1 &)");
        await ProcessProbe.GoneAsync(agent.Calls[^1].Pid);
        agent.Touch("go");
        await agent.AppearsAsync("answer");

        Assert.EndsWith("caller_refused 403", File.ReadAllText(agent.File("answer")), StringComparison.Ordinal);
    }

    [MountFact]
    public async Task S6_A_process_in_another_mount_namespace_is_refused()
    {
        var said = await OutputAsync("unshare", [.. MountNamespace.Arguments, "/bin/sh", "-c", Curl("/v1/status")]);

        Assert.EndsWith("caller_refused 403", said, StringComparison.Ordinal);
        Assert.Contains("another mount namespace", said, StringComparison.Ordinal);
    }

    [MountFact]
    public async Task S6_A_process_in_another_pid_namespace_is_refused()
    {
        var said = await OutputAsync("unshare", [.. MountNamespace.Arguments, "--pid", "--fork", "/bin/sh", "-c", Curl("/v1/status")]);

        Assert.EndsWith("caller_refused 403", said, StringComparison.Ordinal);
        Assert.Contains("another pid namespace", said, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task S6_Another_user_is_refused_even_where_the_sockets_mode_lets_it_in()
    {
        const UnixFileMode Enter = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const UnixFileMode Write = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        (string Path, UnixFileMode Added)[] opened =
        [
            (daemon.Stage.Codex.Folder, Enter),
            (daemon.Stage.Profile.Root, Enter),
            (Socket, Write),
        ];
        var before = Array.ConvertAll(opened, place => File.GetUnixFileMode(place.Path));
        try
        {
            foreach (var (place, mode) in opened.Zip(before))
            {
                File.SetUnixFileMode(place.Path, mode | place.Added);
            }

            var said = await OutputAsync(OrdinaryUser.Prefix[0], [.. OrdinaryUser.Prefix[1..], "/bin/sh", "-c", Curl("/v1/status")]);

            Assert.EndsWith("caller_refused 403", said, StringComparison.Ordinal);
            Assert.Contains("runs as user 65534", said, StringComparison.Ordinal);
        }
        finally
        {
            // Other specs use the same daemon.
            foreach (var (place, mode) in opened.Zip(before))
            {
                File.SetUnixFileMode(place.Path, mode);
            }
        }
    }

    [Fact]
    public async Task The_owners_own_programs_are_served()
    {
        var said = await OutputAsync("/bin/sh", ["-c", Curl("/v1/status")]);

        Assert.EndsWith(" 200", said, StringComparison.Ordinal);
    }

    // Ends with the code of the problem, if there is one, and the status.
    private string Curl(string path, string more = "") =>
        $"curl -s {more} -w ' %{{http_code}}' --unix-socket '{Socket}' http://localhost{path}"
        + " | sed 's/.*\"code\":\"\\([a-z_]*\\)\".*\"detail\":\"\\(.*\\)\".* \\([0-9]*\\)$/\\2\\n\\1 \\3/'";

    private static async Task<string> SaysAsync(AgentOfTest agent, string command) =>
        string.Concat((await agent.RunAsync(command)).Texts());

    private static async Task<string> OutputAsync(string program, string[] arguments)
    {
        using var process = ProgramProcess.Start(program, arguments, []);
        var end = await process.EndsAsync();
        Assert.True(end.ExitCode == 0, end.Errors);
        return end.Output.TrimEnd();
    }

    public sealed class Daemon : GuaranteeDaemon;
}
