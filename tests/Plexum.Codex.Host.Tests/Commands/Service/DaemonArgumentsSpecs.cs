namespace Plexum.Codex.Host.Commands.Service;

public sealed class DaemonArgumentsSpecs
{
    [Theory]
    [InlineData("plexum-codex serve", "serve")]
    [InlineData("/opt/plexum-codex serve --listen 127.0.0.1:7400", "serve --listen 127.0.0.1:7400")]
    [InlineData("dotnet plexum-codex.dll molecule --drain", "molecule --drain")]
    [InlineData("plexum-codex --set turns.timeout=5m serve", "--set turns.timeout=5m serve")]
    [InlineData("plexum-codex --set=turns.timeout=5m serve", "--set=turns.timeout=5m serve")]
    public void Of_a_daemon_they_are_its_command_and_options(string all, string expected) =>
        Assert.Equal(expected.Split(' '), DaemonArguments.CommandOf([.. all.Split(' ')])!.Value.ToArray());

    [Theory]
    [InlineData("plexum-codex")]
    [InlineData("plexum-codex restore serve")]
    [InlineData("plexum-codex uninstall --purge")]
    [InlineData("plexum-codex molecule dead-letters --requeue all")]
    [InlineData("plexum-codex --set molecule restore x.tar")]
    [InlineData("flock daemon.lock plexum-codex serve")]
    public void What_is_no_daemon_has_none(string all) => Assert.Null(DaemonArguments.CommandOf([.. all.Split(' ')]));
}
