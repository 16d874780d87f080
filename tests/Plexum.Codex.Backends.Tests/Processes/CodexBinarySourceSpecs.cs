using Xunit;

namespace Plexum.Codex.Processes;

public sealed class CodexBinarySourceSpecs : IDisposable
{
    private readonly TemporaryDirectory _place = new();

    private string Program => _place.File("codex");

    [Fact]
    public async Task The_program_is_asked_for_its_version_once_while_it_is_the_same()
    {
        Install("0.169.0");
        var source = new CodexBinarySource(Program, null);

        await source.FindAsync();
        await source.FindAsync();

        Assert.Single(File.ReadAllLines(_place.File("asked")));
    }

    [Fact]
    public async Task An_update_is_noticed()
    {
        Install("0.169.0");
        var source = new CodexBinarySource(Program, null);
        Assert.Equal(new Version(0, 169, 0), (await source.FindAsync()).Version);

        Install("0.170.0 and some more");

        Assert.Equal(new Version(0, 170, 0), (await source.FindAsync()).Version);
    }

    [Fact]
    public async Task The_answer_of_a_shim_is_not_believed_for_ever_although_its_file_stays_the_same()
    {
        var version = _place.Write("version", "0.169.0");
        File.WriteAllText(Program, $"#!/bin/sh\necho codex-cli $(cat {version})\n");
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var time = new ManualTime();
        var source = new CodexBinarySource(Program, null, time);
        await source.FindAsync();

        File.WriteAllText(version, "0.170.0");

        time.Advance(CodexBinarySource.KeptFor - TimeSpan.FromSeconds(1));
        Assert.Equal(new Version(0, 169, 0), (await source.FindAsync()).Version);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new Version(0, 170, 0), (await source.FindAsync()).Version);
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("kill -9 $$")]
    public async Task A_shim_that_gives_no_answer_later_is_still_the_one_that_is_known(string trouble)
    {
        var answer = _place.Write("answer", "echo codex-cli 0.169.0");
        File.WriteAllText(Program, $"#!/bin/sh\n. {answer}\n");
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var time = new ManualTime();
        var source = new CodexBinarySource(Program, null, time);
        await source.FindAsync();

        File.WriteAllText(answer, trouble);
        time.Advance(CodexBinarySource.KeptFor);

        Assert.Equal(new Version(0, 169, 0), (await source.FindAsync()).Version);
        File.WriteAllText(answer, "echo codex-cli 0.170.0");
        time.Advance(CodexBinarySource.KeptFor);
        Assert.Equal(new Version(0, 170, 0), (await source.FindAsync()).Version);
    }

    [Fact]
    public async Task A_shim_that_starts_a_codex_that_is_too_old_later_is_refused()
    {
        var version = _place.Write("version", "0.169.0");
        File.WriteAllText(Program, $"#!/bin/sh\necho codex-cli $(cat {version})\n");
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var time = new ManualTime();
        var source = new CodexBinarySource(Program, null, time);
        await source.FindAsync();

        File.WriteAllText(version, "0.100.0");
        time.Advance(CodexBinarySource.KeptFor);

        Assert.True((await Assert.ThrowsAsync<CodexUnavailableException>(source.FindAsync)).IsTooOld);
    }

    [Fact]
    public async Task Codex_itself_is_not_asked_again_while_it_is_the_same()
    {
        File.CreateSymbolicLink(Program, FakeCodexStage.Binary);
        var time = new ManualTime();
        var source = new CodexBinarySource(Program, null, time);
        var first = await source.FindAsync();

        time.Advance(10 * CodexBinarySource.KeptFor);

        Assert.Same(first, await source.FindAsync());
    }

    [Fact]
    public async Task An_update_of_what_a_link_leads_to_is_noticed()
    {
        Install("0.169.0");
        var link = _place.File("link");
        File.CreateSymbolicLink(link, Program);
        var source = new CodexBinarySource(link, null);
        await source.FindAsync();

        Install("0.170.0 and some more");

        Assert.Equal(new Version(0, 170, 0), (await source.FindAsync()).Version);
    }

    [Fact]
    public async Task A_program_that_was_removed_is_reported_and_found_when_it_is_back()
    {
        Install("0.169.0");
        var source = new CodexBinarySource(Program, null);
        await source.FindAsync();

        File.Delete(Program);
        var missing = await Assert.ThrowsAsync<CodexUnavailableException>(source.FindAsync);
        Install("0.169.0");

        Assert.Contains($"{Program} does not exist", missing.Message, StringComparison.Ordinal);
        Assert.Equal(Program, (await source.FindAsync()).Path);
    }

    public void Dispose() => _place.Dispose();

    private void Install(string version)
    {
        var next = Program + ".next";
        File.WriteAllText(next, $"#!/bin/sh\necho asked >> {_place.File("asked")}\necho codex-cli {version}\n");
        File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(next, Program, overwrite: true);
    }
}
