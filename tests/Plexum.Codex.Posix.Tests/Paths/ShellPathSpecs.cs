using System.Diagnostics;
using Xunit;

namespace Plexum.Codex.Posix.Paths;

public sealed class ShellPathSpecs
{
    [Theory]
    [InlineData("/home/alice/.codex")]
    [InlineData("/home/o'neil/my codex")]
    [InlineData("''")]
    [InlineData("/$HOME/`id`/\"*\\;&\n~")]
    public async Task A_shell_reads_a_path_as_one_word(string path)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"printf '<%s>' {ShellPath.Quote(path)}"]) { RedirectStandardOutput = true }
        )!;

        Assert.Equal($"<{path}>", await shell.StandardOutput.ReadToEndAsync());
    }
}
