namespace Plexum.Codex.Fakes.FakeCodex;

public sealed class FakeCodexScriptSpecs
{
    private const string Thread = "01a1fa64-9d52-74e3-b4e6-510263c8c59d";

    private static readonly string[] Resume = ["exec", "resume", Thread, "--skip-git-repo-check", "--json", "-"];

    [Fact]
    public async Task The_first_section_that_fits_runs_behind_what_always_runs()
    {
        using var stage = new FakeCodexStage(
            "# a comment",
            "",
            "emit always",
            "[call 2]",
            "emit second call",
            "[resume]",
            "emit resumed",
            "[prompt blue]",
            "emit blue",
            "[else]",
            "emit other"
        );

        Assert.Equal(["always", "resumed"], (await FakeCodexRun.RunAsync(stage, "blue", Resume)).Lines);
        Assert.Equal(["always", "second call"], (await FakeCodexRun.RunAsync(stage, "blue")).Lines);
        Assert.Equal(["always", "blue"], (await FakeCodexRun.RunAsync(stage, "deep blue sea")).Lines);
        Assert.Equal(["always", "other"], (await FakeCodexRun.RunAsync(stage, "red")).Lines);
    }

    [Fact]
    public async Task A_model_that_obeys_says_what_the_prompt_prints_as_a_command()
    {
        using var stage = new FakeCodexStage("obey");

        var line = Assert.Single((await FakeCodexRun.RunAsync(stage, "echo $((40 + 2)); ls /nowhere")).Lines);

        Assert.Contains("\"text\":\"42\\nls: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_in_the_workspace_is_found()
    {
        using var stage = new FakeCodexStage();
        File.WriteAllText(Path.Combine(stage.Workspace, ".fake-codex"), "emit from the workspace\n");
        var start = new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", $"echo x | {FakeCodexStage.Binary} exec -"])
        {
            WorkingDirectory = stage.Workspace,
            RedirectStandardOutput = true,
        };

        using var shell = System.Diagnostics.Process.Start(start)!;

        Assert.Equal("from the workspace\n", await shell.StandardOutput.ReadToEndAsync());
        Assert.True(File.Exists(Path.Combine(stage.Workspace, ".fake-codex.calls")));
    }

    [Fact]
    public async Task Every_invocation_is_recorded_also_those_at_once()
    {
        using var stage = new FakeCodexStage("thread");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => FakeCodexRun.RunAsync(stage, $"prompt \"{i}\"\n")));

        Assert.Equal([1, 2, 3, 4, 5, 6], stage.Calls.Select(call => call.Number));
        Assert.Equal(
            Enumerable.Range(0, 6).Select(i => $"prompt \"{i}\"\n"),
            stage.Calls.Select(call => call.Prompt).Order(StringComparer.Ordinal)
        );
        Assert.All(stage.Calls, call =>
        {
            Assert.Equal(FakeCodexRun.Turn, call.Argv);
            Assert.Equal(stage.Workspace, call.Cwd);
            Assert.Equal(stage.CodexHome, call.CodexHome);
            Assert.Contains("FAKE_CODEX_SCRIPT", call.Env);
            Assert.NotEmpty(call.Path);
        });
    }

    [Fact]
    public async Task The_thread_is_the_resumed_one_or_a_new_one()
    {
        using var stage = new FakeCodexStage("thread");

        Assert.Contains(Thread, (await FakeCodexRun.RunAsync(stage, "hi", Resume)).Output, StringComparison.Ordinal);
        var bare = Thread.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
        Assert.Contains(Thread, (await FakeCodexRun.RunAsync(stage, "hi", "exec", "resume", bare, "-")).Output, StringComparison.Ordinal);
        var fresh = (await FakeCodexRun.RunAsync(stage, "hi", "exec", "resume", "damaged!", "-")).Output;
        Assert.Matches("[0-9a-f]{8}-[0-9a-f]{4}-7", fresh);
        Assert.DoesNotContain("damaged", fresh, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("archived", "is archived. Run `codex unarchive")]
    [InlineData("marked", "does not start with session metadata")]
    [InlineData("empty", " is empty (code -32603)")]
    public async Task A_thread_in_another_state_is_refused_in_codex_s_words(string state, string words)
    {
        using var stage = new FakeCodexStage("rollout {\"more\":true}");
        await FakeCodexRun.RunAsync(stage, "hi", Resume);
        var rollout = Directory.EnumerateFiles(stage.CodexHome, $"rollout-*-{Thread}.jsonl", SearchOption.AllDirectories).Single();
        if (state == "archived")
        {
            var archive = Directory.CreateDirectory(Path.Combine(stage.CodexHome, "archived_sessions")).FullName;
            File.Move(rollout, Path.Combine(archive, Path.GetFileName(rollout)));
        }
        else
        {
            File.WriteAllText(rollout, state == "empty" ? "" : "\uFEFF" + File.ReadAllText(rollout));
        }

        stage.Script("require-rollout", "thread");
        var refused = await FakeCodexRun.RunAsync(stage, "hi", Resume);

        Assert.Equal(1, refused.ExitCode);
        Assert.Empty(refused.Bytes);
        Assert.Contains("Error: thread/resume: thread/resume failed: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thread_without_rollout_is_not_resumed_until_it_has_one()
    {
        using var stage = new FakeCodexStage("require-rollout", "thread", "rollout {\"thread\":\"${thread}\"}");

        var unknown = await FakeCodexRun.RunAsync(stage, "hi", Resume);
        stage.Script("rollout {\"thread\":\"${thread}\"}");
        await FakeCodexRun.RunAsync(stage, "hi", Resume);
        stage.Script("require-rollout", "thread", "rollout {\"more\":true}");
        var known = await FakeCodexRun.RunAsync(stage, "hi", Resume);

        Assert.Equal(1, unknown.ExitCode);
        Assert.Empty(unknown.Bytes);
        Assert.Contains($"no rollout found for thread id {Thread}", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(0, known.ExitCode);
        var rollout = Directory.EnumerateFiles(stage.CodexHome, $"rollout-*-{Thread}.jsonl", SearchOption.AllDirectories).Single();
        var lines = File.ReadAllLines(rollout);
        Assert.Equal(3, lines.Length);
        Assert.Contains("session_meta", lines[0], StringComparison.Ordinal);
        Assert.Equal([$"{{\"thread\":\"{Thread}\"}}", "{\"more\":true}"], lines[1..]);
    }

    [Fact]
    public async Task The_writer_lock_is_held_to_the_end_and_keeps_others_out()
    {
        using var stage = new FakeCodexStage("lock", "touch ../locked", "wait ../go", "completed 1 1");
        using var holder = FakeCodexRun.Start(stage, "hi", Resume);
        await stage.AppearsAsync("locked");

        var second = await FakeCodexRun.RunAsync(stage, "hi", Resume);
        stage.Touch("go");
        await holder.ExitAsync();
        var third = await FakeCodexRun.RunAsync(stage, "hi", Resume);

        Assert.Equal(1, second.ExitCode);
        Assert.Empty(second.Bytes);
        Assert.Contains("already has an active writer", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, third.ExitCode);
    }

    [Theory]
    [InlineData("thread", "--version", "codex-cli 0.169.0\n")]
    [InlineData("version 0.120.1", "--version", "codex-cli 0.120.1\n")]
    public async Task The_version_is_the_one_asked_for(string script, string argument, string expected)
    {
        using var stage = new FakeCodexStage(script);

        Assert.Equal(expected, (await FakeCodexRun.RunAsync(stage, "", argument)).Output);
    }

    [Fact]
    public async Task The_login_state_is_the_one_asked_for()
    {
        using var stage = new FakeCodexStage("thread");
        var without = await FakeCodexRun.RunAsync(stage, "", "login", "status");
        stage.Script("login Logged in using ChatGPT");
        var with = await FakeCodexRun.RunAsync(stage, "", "login", "status");

        Assert.Equal((1, "Not logged in\n"), (without.ExitCode, without.Error));
        Assert.Equal((0, "Logged in using ChatGPT\n"), (with.ExitCode, with.Error));
    }

    [Theory]
    [InlineData("exec --bogus -")]
    [InlineData("exec resume id -C /tmp -")]
    [InlineData("exec resume id -s read-only -")]
    [InlineData("exec --json --json -")]
    [InlineData("exec --model")]
    [InlineData("exec one two")]
    [InlineData("exec resume id one two")]
    [InlineData("chat -")]
    public async Task Arguments_that_codex_refuses_are_refused(string arguments)
    {
        using var stage = new FakeCodexStage("thread");

        var result = await FakeCodexRun.RunAsync(stage, "hi", arguments.Split(' '));

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Bytes);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec -C /tmp resume 01a1fa64-9d52-74e3-b4e6-510263c8c59d --json --model m -c a=1 -c b=2 -")]
    [InlineData("exec resume --json 01a1fa64-9d52-74e3-b4e6-510263c8c59d -i a.png -")]
    [InlineData("exec --json --image=a.png --enable x --enable y -")]
    [InlineData("exec -i a.png b.png --json -- -")]
    [InlineData("exec --json")]
    public async Task Arguments_that_codex_takes_are_taken(string arguments)
    {
        using var stage = new FakeCodexStage("emit ${prompt}");

        var result = await FakeCodexRun.RunAsync(stage, "hi", arguments.Split(' '));

        Assert.Equal((0, "hi\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task A_blank_prompt_is_refused_and_a_positional_one_joined_with_the_input()
    {
        using var stage = new FakeCodexStage("say ${prompt}");

        var blank = await FakeCodexRun.RunAsync(stage, " \n");
        var joined = await FakeCodexRun.RunAsync(stage, "extra", "exec", "--json", "positional");

        Assert.Equal((1, "No prompt provided via stdin.\n"), (blank.ExitCode, blank.Error));
        Assert.Contains("positional\\n\\n<stdin>\\nextra\\n</stdin>", joined.Output, StringComparison.Ordinal);
        Assert.Equal("Reading additional input from stdin...\n", joined.Error);
    }

    [Theory]
    [InlineData("thread\nbogus step", "line 2", "bogus")]
    [InlineData("flood many x", "line 1", "many")]
    [InlineData("completed 1", "line 1", "two to four")]
    [InlineData("on HUP exit 1", "line 1", "HUP")]
    [InlineData("[nothing]", "line 1", "nothing")]
    public async Task A_mistake_in_a_script_is_reported_with_its_line(string script, string line, string what)
    {
        using var stage = new FakeCodexStage(script.Split('\n'));

        var result = await FakeCodexRun.RunAsync(stage);

        Assert.Equal(70, result.ExitCode);
        Assert.Contains(line, result.Error, StringComparison.Ordinal);
        Assert.Contains(what, result.Error, StringComparison.Ordinal);
    }
}
