namespace Plexum.Codex.Host.Terminals;

public sealed class BareCommandSpecs
{
    [Theory]
    [InlineData("/bin/bash -lc ls", "ls")]
    [InlineData("/bin/bash -lc 'echo hi'", "echo hi")]
    [InlineData("/bin/bash -lc \"echo 'a b' && ls\"", "echo 'a b' && ls")]
    [InlineData("/bin/bash -lc a\\ b", "a b")]
    [InlineData("/usr/bin/zsh -c 'cargo test'", "cargo test")]
    [InlineData("sh -c 'printf x'", "printf x")]
    [InlineData("/bin/bash -lc 'cut in the mid", "cut in the mid")]
    [InlineData("/bin/bash -lc 'echo hi' more words", "/bin/bash -lc 'echo hi' more words")]
    [InlineData("/bin/bash script.sh", "/bin/bash script.sh")]
    [InlineData("/bin/bash -lc", "/bin/bash -lc")]
    [InlineData("/bin/bash -lc ''", "/bin/bash -lc ''")]
    [InlineData("python3 -c 'print()'", "python3 -c 'print()'")]
    [InlineData("cargo test", "cargo test")]
    [InlineData("", "")]
    public void The_shell_is_left_out(string command, string bare) => Assert.Equal(bare, BareCommand.Of(command));

    // As codex 0.171.0 told the command: echo 'a b' && echo "$HOME"
    [Fact]
    public void Quotes_of_several_kinds_are_one_word() =>
        Assert.Equal("echo 'a b' && echo \"$HOME\"", BareCommand.Of("/bin/bash -lc \"echo 'a b' && echo \\\"\"'$HOME\"'"));
}
