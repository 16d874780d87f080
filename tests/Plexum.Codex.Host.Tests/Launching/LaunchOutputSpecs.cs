using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Launching;

public sealed class LaunchOutputSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("start.log")]
    [InlineData("no-such-directory/start.log")]
    public async Task What_a_daemon_says_before_it_ends_is_known_also_where_it_cannot_be_written(string name)
    {
        using var output = LaunchOutput.Open(_directory.File(name));

        await SayAsync(output, "first");
        output.Clear();
        await SayAsync(output, "The disk is full.");

        Assert.Equal("The disk is full.", output.Tail());
    }

    [Fact]
    public void It_begins_empty_and_says_so()
    {
        _directory.Write("start.log", "of yesterday");

        using var output = LaunchOutput.Open(_directory.File("start.log"));

        Assert.Equal("(nothing)", output.Tail());
    }

    private Task SayAsync(LaunchOutput output, string what) =>
        DetachedProgram
            .Start("/bin/sh", ["-c", $"echo {what} >&2"], new Dictionary<string, string>(), _directory.Root, output.File)
            .WithinLimit();
}
