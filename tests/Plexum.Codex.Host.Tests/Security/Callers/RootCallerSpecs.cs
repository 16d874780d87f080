namespace Plexum.Codex.Host.Security.Callers;

/// <summary>Root connects to an ordinary user's daemon: the machine's, and that of a container with the socket in it.</summary>
public sealed class RootCallerSpecs() : DaemonProcessTest("thread", "turn", "completed 1 1")
{
    [ContainerRootFact]
    public async Task S6_Root_of_a_container_is_refused_and_root_of_the_machine_is_served()
    {
        OrdinaryUser.Give(Stage.Folder);
        Daemon.BecomeOrdinary();
        await Daemon.StartAsync();

        var served = await AskAsync("env");
        var elsewhere = await AskAsync("unshare", "--mount");
        var inside = await AskAsync("unshare", "--pid", "--fork");

        Assert.EndsWith(" 200", served, StringComparison.Ordinal);
        Assert.EndsWith(" 403", elsewhere, StringComparison.Ordinal);
        Assert.Contains("another mount namespace", elsewhere, StringComparison.Ordinal);
        Assert.EndsWith(" 403", inside, StringComparison.Ordinal);
        Assert.Contains("another pid namespace", inside, StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string program, params string[] options)
    {
        string[] curl = ["curl", "-s", "-w", " %{http_code}", "--unix-socket", Daemon.Api.SocketPath, "http://localhost/v1/status"];
        using var process = ProgramProcess.Start(program, [.. options, .. curl], []);
        var end = await process.EndsAsync();
        Assert.True(end.ExitCode == 0, end.Errors);
        return end.Output.TrimEnd();
    }
}
