using System.Globalization;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Processes;
using Xunit;

namespace Plexum.Codex.Exec.Running;

public sealed class CodexLauncherSpecs
{
    [Fact]
    public async Task A_process_reads_the_prompt_and_writes_to_the_turns_files()
    {
        using var rig = new ProcessRig("--help\n\"😀\" $(x)");

        var exit = await rig.RunAsync("cat; echo to-stderr >&2; exit 7");

        Assert.Equal(new ProcessExit(7, null), exit);
        Assert.Equal("--help\n\"😀\" $(x)", rig.Stdout);
        Assert.Equal("to-stderr\n", rig.Stderr);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(rig.Directory.StdoutFile));
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        using var rig = new ProcessRig();

        await rig.RunAsync("""for a in "$@"; do printf '[%s]\n' "$a"; done""", "a b", "", "'\"$(x)*", "😀\n", "-");

        Assert.Equal("[a b]\n[]\n['\"$(x)*]\n[😀\n]\n[-]\n", rig.Stdout);
    }

    [Fact]
    public async Task A_process_runs_in_the_workspace_in_a_session_of_its_own_and_under_its_own_number()
    {
        using var rig = new ProcessRig();
        var process = rig.Start("""echo "$PWD"; echo $$; cut -d' ' -f6 /proc/self/stat; echo "$PLEXUM_CODEX_TURN"; echo "$PATH" """);

        Assert.True((await process.Exited.WithinLimit()).IsSuccess);

        var pid = process.Identity.Pid.ToString(CultureInfo.InvariantCulture);
        var lines = rig.Stdout.Split('\n');
        Assert.Equal([rig.Workspace, pid, pid, rig.Turn.Value], lines[..4]);
        Assert.StartsWith(Path.GetDirectoryName(RealPath.OfAnything("/bin/sh")) + ":", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signals_have_their_usual_effect_in_a_process()
    {
        using var rig = new ProcessRig();

        await rig.RunAsync("sed -n 's/^Sig\\(Blk\\|Ign\\):\\t//p' /proc/self/status");

        // The C library keeps signals 32 and 33 to itself and hands them on ignored.
        const ulong Standard = 0x7fff_ffff;
        var sets = rig.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([0UL, 0UL], sets.Select(set => Convert.ToUInt64(set, 16) & Standard));
    }

    [Fact]
    public async Task No_file_of_ours_is_open_in_a_process()
    {
        using var rig = new ProcessRig();

        await rig.RunAsync("ls /proc/self/fd");

        // The fourth is the directory that ls itself reads.
        Assert.Equal("0\n1\n2\n3\n", rig.Stdout);
    }

    [Fact]
    public async Task A_second_start_appends_to_the_files()
    {
        using var rig = new ProcessRig();

        await rig.RunAsync("echo one");
        await rig.RunAsync("echo two");

        Assert.Equal("one\ntwo\n", rig.Stdout);
    }

    [Theory]
    [InlineData(ProcessSignal.Interrupt)]
    [InlineData(ProcessSignal.Terminate)]
    [InlineData(ProcessSignal.Kill)]
    public async Task A_signal_is_seen_as_the_end(ProcessSignal signal)
    {
        using var rig = new ProcessRig();
        var process = rig.Start("echo ready; exec sleep 1000");
        await rig.LineAsync("ready");

        Assert.True(process.Signal(signal));

        Assert.Equal(new ProcessExit(null, (int)signal), await process.Exited.WithinLimit());
        Assert.False(process.Identity.IsRunning);
        Assert.False(process.Signal(signal));
    }

    [Fact]
    public async Task A_process_of_an_earlier_daemon_is_watched_and_signalled()
    {
        using var rig = new ProcessRig();
        var process = rig.Start("echo ready; exec sleep 1000");
        await rig.LineAsync("ready");

        var attached = CodexProcess.Attach(process.Identity with { });
        Assert.True(attached.Signal(ProcessSignal.Terminate));

        Assert.Equal(ProcessExit.Unknown, await attached.Exited.WithinLimit());
        await process.Exited.WithinLimit();
        Assert.False(attached.Signal(ProcessSignal.Kill));
        await AssertGone(process.Identity);
    }

    [Fact]
    public async Task A_later_process_of_the_same_number_is_not_taken_for_the_earlier_one()
    {
        using var rig = new ProcessRig();
        var process = rig.Start("echo ready; exec sleep 1000");
        await rig.LineAsync("ready");
        var earlier = process.Identity with { StartedAt = process.Identity.StartedAt - 1 };

        Assert.False(earlier.IsRunning);
        await AssertGone(earlier);
        Assert.False(new Survivor(earlier, "sh").Signal(ProcessSignal.Kill));
        await AssertGone(process.Identity with { BootId = "another start" });
        Assert.True(process.Identity.IsRunning);
    }

    private static async Task AssertGone(ProcessIdentity identity)
    {
        var process = CodexProcess.Attach(identity);
        Assert.Equal(ProcessExit.Unknown, await process.Exited.WithinLimit());
        Assert.False(process.Signal(ProcessSignal.Kill));
    }

    [Fact]
    public void A_program_that_cannot_be_started_is_named()
    {
        using var rig = new ProcessRig();
        var text = Path.Combine(rig.Workspace, "text");
        File.WriteAllText(text, "no program");
        File.SetUnixFileMode(text, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Contains("/gone/codex", Fail("/gone/codex"), StringComparison.Ordinal);
        Assert.Contains("not a program for this machine", Fail(text), StringComparison.Ordinal);
        Directory.Delete(rig.Workspace, recursive: true);
        Assert.Contains("workspace", Fail("/bin/sh"), StringComparison.Ordinal);

        string Fail(string path) =>
            Assert.Throws<CodexUnavailableException>(() => rig.Start(new CodexBinary(path, new Version(1, 0), path))).Message;
    }

    [Theory]
    [InlineData("workspace")]
    [InlineData("workspace/below")]
    public void S7_Codex_does_not_start_in_a_directory_that_a_link_has_taken_the_place_of(string directory)
    {
        using var rig = new ProcessRig();
        var work = Path.Combine(Path.GetDirectoryName(rig.Workspace)!, directory);
        Directory.Delete(rig.Workspace);
        Directory.CreateSymbolicLink(rig.Workspace, Directory.CreateDirectory(rig.Workspace + "-elsewhere/below").Parent!.FullName);

        var refused = Assert.Throws<CodexUnavailableException>(() =>
            CodexLauncher.Start(new CodexBinary("/bin/true", new Version(1, 0), "true"), [], [], work, rig.Directory)
        );

        Assert.Contains("link", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_turn_without_a_prompt_does_not_start()
    {
        using var rig = new ProcessRig();
        File.Delete(rig.Directory.PromptFile);

        Assert.Contains(
            rig.Directory.PromptFile,
            Assert.Throws<CodexUnavailableException>(() => rig.Start("true")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Many_processes_are_all_seen_to_end()
    {
        using var rig = new ProcessRig();
        var processes = Enumerable.Range(0, 40).Select(i => (Code: i, Process: rig.Start($"exit {i}"))).ToList();

        foreach (var (code, process) in processes)
        {
            Assert.Equal(new ProcessExit(code, null), await process.Exited.WithinLimit());
        }
    }
}
