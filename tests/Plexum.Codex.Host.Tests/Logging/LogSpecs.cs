namespace Plexum.Codex.Host.Logging;

public sealed class LogSpecs
{
    private const string PlantedText = "planted-words-of-the-user";
    private const string PlantedAnswer = "planted-words-of-the-model";
    private const string PlantedSecret = "planted-secret-of-the-environment";

    [Fact]
    public async Task Even_at_its_loudest_the_log_has_no_prompt_no_answer_and_no_secret()
    {
        using var stage = new HostStage(
            "thread",
            "turn",
            $"say {PlantedAnswer}",
            $"stderr {PlantedText}",
            "raw {\"type\":\"planted-words-of-the-user\"}\\n",
            $"raw no json {PlantedText}\\n",
            "completed 1 1"
        );
        stage["OPENAI_API_KEY"] = PlantedSecret;
        stage["MOLECULE_TOKEN"] = PlantedSecret;

        var end = await stage.RunAsync(
            "say",
            "--agent",
            "alice",
            "--json",
            "--set",
            "log.level=verbose",
            "--set",
            "log.console-level=verbose",
            PlantedText
        );
        var log = stage.ProgramLog();

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("codex: spawning CLI", log, StringComparison.Ordinal);
        Assert.Contains("codex: spawning CLI", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", log, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_of_codex_is_logged_with_workspace_model_thread_and_the_length_of_the_prompt()
    {
        using var stage = new HostStage("thread", "turn", "say ${thread}", "completed 1 1");
        var workspace = stage.File("work space");

        var thread = (await stage.RunAsync("say", "--agent", "alice", "--workspace", workspace, "hello")).Output.Trim();
        await stage.RunAsync("say", "--agent", "alice", "--workspace", workspace, "--model", "gpt-5", "hello again");

        var starts = stage.ProgramLog().Split('\n').Where(line => line.Contains("codex: spawning CLI", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, starts.Length);
        Assert.Contains(
            $" INF codex: spawning CLI workspace=\"{workspace}\" model=\"\" resume=\"\" prompt_len=5 agent=\"alice\" turn=",
            starts[0],
            StringComparison.Ordinal
        );
        Assert.Contains($"model=\"gpt-5\" resume=\"{thread}\" prompt_len=11 agent=\"alice\"", starts[1], StringComparison.Ordinal);
    }
}
