namespace Plexum.Codex.Host.Installation;

public sealed class ServiceUnitSpecs
{
    [Fact]
    public void What_means_something_to_systemd_is_escaped()
    {
        var text = new ServiceUnit("/opt/a b/100%/$HOME/\"q\"\\x", [KeyValuePair.Create("CODEX_HOME", "/c/$1/50%/\"\\")]).Render();

        Assert.Contains("ExecStart=\"/opt/a b/100%%/$$HOME/\\\"q\\\"\\\\x\" serve\n", text, StringComparison.Ordinal);
        Assert.Contains("Environment=\"CODEX_HOME=/c/$1/50%%/\\\"\\\\\"\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_with_a_newline_is_refused() =>
        Assert.Contains(
            "control character",
            Assert.Throws<CodexException>(() => new ServiceUnit("/opt/a\nExecStartPre=/evil", []).Render()).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("/x", "/home/me", "/x/systemd/user")]
    [InlineData("", "/home/me", "/home/me/.config/systemd/user")]
    [InlineData(null, "/home/me", "/home/me/.config/systemd/user")]
    [InlineData("relative", "/home/me", "/home/me/.config/systemd/user")]
    public void The_unit_lies_where_systemd_looks_for_it(string? configHome, string home, string directory) =>
        Assert.Equal(directory, UnitStep.DirectoryOf(configHome, home));
}
