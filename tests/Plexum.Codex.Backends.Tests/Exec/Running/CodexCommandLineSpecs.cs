using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Running;

public sealed class CodexCommandLineSpecs
{
    private static readonly ThreadId Thread = ThreadId.Parse("01a1fa61-01c1-7781-bfa1-609b5404abaf");

    [Fact]
    public void A_first_turn_has_the_fewest_arguments() =>
        Assert.Equal("exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox --json -", Join(new CodexCommandLine()));

    [Fact]
    public void A_later_turn_has_all_arguments_in_their_order() =>
        Assert.Equal(
            $"exec resume {Thread} --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox --json --model gpt-5 --enable x -",
            Join(
                new CodexCommandLine
                {
                    Resume = Thread,
                    Model = "gpt-5",
                    ExtraArgs = ["--enable", "x"],
                }
            )
        );

    [Fact]
    public void The_directory_comes_before_the_word_resume_behind_which_codex_does_not_take_it() =>
        Assert.StartsWith($"exec -C /a b resume {Thread} ", Join(new CodexCommandLine { Directory = "/a b", Resume = Thread }));

    [Theory]
    [InlineData(CodexSandbox.ReadOnly, "read-only")]
    [InlineData(CodexSandbox.WorkspaceWrite, "workspace-write")]
    public void A_sandbox_takes_the_place_of_the_bypass_and_nobody_is_asked_to_leave_it(CodexSandbox sandbox, string mode) =>
        Assert.Equal(
            $"exec --skip-git-repo-check -c sandbox_mode=\"{mode}\" -c approval_policy=\"never\" --json -",
            Join(new CodexCommandLine { Sandbox = sandbox })
        );

    [Fact]
    public void With_inherit_codex_is_told_nothing_about_a_sandbox() =>
        Assert.Equal("exec --skip-git-repo-check --json -", Join(new CodexCommandLine { Sandbox = CodexSandbox.Inherit }));

    [Fact]
    public void What_confines_comes_after_everything_that_could_loosen_it() =>
        Assert.Equal(
            "exec --skip-git-repo-check --json -c x=1 -c y=2 -c default_permissions=\"p\" -",
            Join(
                new CodexCommandLine
                {
                    Sandbox = CodexSandbox.Confined,
                    ExtraArgs = ["-c", "x=1"],
                    Overrides = ["y=2"],
                    Confinement = ["default_permissions=\"p\""],
                }
            )
        );

    [Theory]
    [InlineData(CodexSandbox.Confined)]
    [InlineData((CodexSandbox)99)]
    public void Without_what_makes_a_sandbox_there_is_no_command(CodexSandbox sandbox) =>
        Assert.Throws<InvalidOperationException>(() => Join(new CodexCommandLine { Sandbox = sandbox }));

    [Fact]
    public void Images_never_stand_right_before_the_dash() =>
        Assert.Equal(
            $"exec resume {Thread} -i /t/1.png -i /t/2.jpg --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox --json -",
            Join(new CodexCommandLine { Resume = Thread, Images = ["/t/1.png", "/t/2.jpg"] })
        );

    [Fact]
    public void An_image_that_codex_would_cut_in_two_is_an_error() =>
        Assert.Contains(
            "comma",
            Assert.Throws<CodexException>(() => Join(new CodexCommandLine { Images = ["/a,b/1.png"] })).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Nothing_of_a_message_becomes_an_argument()
    {
        Prop.ForAll<string>(text =>
            {
                var message = TurnMessage.User($"--help {text}");
                Assert.True(Prompt.TryCreate([message], out _, out _));
                var refusal = ModelName.Resolve(text, new Dictionary<string, string>(), out var model);
                var arguments = new CodexCommandLine { Model = model }.ToArguments();
                return arguments[^1] == "-"
                    && arguments.Length == (model is null ? 5 : 7)
                    && (refusal is null || model is null)
                    && (model is null || model[0] != '-');
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void What_a_request_says_about_codex_comes_after_the_extra_arguments_and_before_the_confinement() =>
        Assert.Equal(
            "exec --skip-git-repo-check --json --output-schema /t/schema -c a=1 -c model_reasoning_effort=\"low\" "
                + "-c developer_instructions=\"Say \\\"no\\\".\" -c b=2 -",
            Join(
                new CodexCommandLine
                {
                    Sandbox = CodexSandbox.Confined,
                    Confinement = ["b=2"],
                    ExtraArgs = ["-c", "a=1"],
                    SchemaFile = "/t/schema",
                    Options = new TurnOptions { Effort = "low", DeveloperInstructions = "Say \"no\"." },
                }
            )
        );

    private static string Join(CodexCommandLine commandLine) => string.Join(' ', commandLine.ToArguments());
}
