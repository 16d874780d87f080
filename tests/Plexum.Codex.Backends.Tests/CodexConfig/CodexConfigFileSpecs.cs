using Xunit;

namespace Plexum.Codex.CodexConfig;

public sealed class CodexConfigFileSpecs : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_missing_file_has_no_keys()
    {
        var file = CodexConfigFile.Load(CodexConfigFile.OfTheUser(_home.Root));

        Assert.False(file.Has("model"));
        Assert.Null(file.Text("model"));
        Assert.Empty(file.Strings("shell_environment_policy.exclude"));
    }

    [Fact]
    public void Keys_are_found_by_their_path_and_type()
    {
        _home.Write("config.toml", "model = \"gpt-5\"\n[a.b]\nc = [\"x\", \"y\"]\nd = 1\n");
        var file = CodexConfigFile.Load(CodexConfigFile.OfTheUser(_home.Root));

        Assert.True(file.Has("a.b.d") && file.Has("a.b") && file.Has("model"));
        Assert.False(file.Has("a.c") || file.Has("model.x"));
        Assert.Equal("gpt-5", file.Text("model"));
        Assert.Null(file.Text("a.b.d"));
        Assert.Equal(["x", "y"], file.Strings("a.b.c").AsEnumerable());
        Assert.Empty(file.Strings("model"));
    }

    [Fact]
    public void What_is_no_file_is_refused_without_waiting_for_it()
    {
        Directory.CreateDirectory(_home.File("config.toml"));

        var problem = Assert.Throws<CodexConfigException>(() => CodexConfigFile.Load(CodexConfigFile.OfTheUser(_home.Root)));

        Assert.Contains("it is a directory", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_file_is_followed()
    {
        _home.Write("dotfiles.toml", "model = \"gpt-5\"\n");
        File.CreateSymbolicLink(_home.File("config.toml"), _home.File("dotfiles.toml"));

        Assert.Equal("gpt-5", CodexConfigFile.Load(CodexConfigFile.OfTheUser(_home.Root)).Text("model"));
    }
}
