using System.Collections;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Api;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Asked;

public sealed class AskedSettingsSpecs : IDisposable
{
    private const string Token = "codex.extra-args=[\"-c\", \"p.bearer_token=TOKEN\"]";

    private static readonly TurnRequest Request = new(AgentId.Parse("alice"), null, null, [TurnMessage.User("hello")]);

    private readonly ProfileOfTest _profile = new();

    public void Dispose() => _profile.Dispose();

    [Fact]
    public async Task A_turn_carries_the_sandbox_and_the_time_limit_that_are_asked_for()
    {
        using var daemon = SettingsAnswers.Client(_profile.Load());
        _profile.Variables["PLEXUM_CODEX_SANDBOX"] = "read-only";
        var settings = _profile.Load("plexum.turns.timeout=300ms");

        var request = await AskedSettings.ApplyAsync(daemon, settings, Request, CancellationToken.None);

        Assert.Equal(settings.Agents.Sandbox, request.Sandbox);
        Assert.Equal(TimeSpan.FromMilliseconds(300), request.Timeout);
    }

    [Fact]
    public async Task A_turn_that_names_a_sandbox_itself_keeps_that()
    {
        using var daemon = SettingsAnswers.Client(_profile.Load());
        var settings = _profile.Load("codex.sandbox=workspace-write");
        var own = Request with { Sandbox = CodexSandbox.ReadOnly };

        Assert.Equal(own, await AskedSettings.ApplyAsync(daemon, settings, own, CancellationToken.None));
    }

    [Theory]
    [InlineData("approvals.policy=untrusted")]
    [InlineData("agents.overrides.alice.backend=app-server")]
    public async Task What_an_agent_has_of_its_own_and_when_codex_asks_is_refused_if_the_daemon_does_not_have_it(string assignment)
    {
        using var daemon = SettingsAnswers.Client(_profile.Load());

        var refused = await Assert.ThrowsAsync<CodexException>(() => ApplyAsync(daemon, assignment));

        Assert.Contains(assignment.Replace("=", " = ", StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_daemon_has_anyway_is_neither_refused_nor_carried()
    {
        using var daemon = SettingsAnswers.Client(_profile.Load(Secret("abc")));

        var request = await ApplyAsync(daemon, "turns.timeout=600s", "turns.max-output=1024MiB", Secret("abc"));

        Assert.Equal(Request, request);
    }

    [Theory]
    [InlineData("turns.max-output=2GiB", "turns.max-output = 2GiB, and the daemon has 1GiB")]
    [InlineData("turns.queue-limit=7", "turns.queue-limit = 7")]
    [InlineData("log.max-file=1MiB", "log.max-file = 1MiB")]
    public async Task What_the_daemon_does_not_have_is_refused_if_it_is_asked_for_with_the_command(string assignment, string says)
    {
        using var daemon = SettingsAnswers.Client(_profile.Load());
        var settings = _profile.Load(assignment);

        var turn = await Assert.ThrowsAsync<CodexException>(() => ApplyAsync(daemon, assignment));
        var other = await Assert.ThrowsAsync<CodexException>(() => AskedSettings.CheckAsync(daemon, settings, CancellationToken.None));

        Assert.Contains(says, turn.Message, StringComparison.Ordinal);
        Assert.Equal(turn.Message, other.Message);
    }

    [Fact]
    public async Task Secrets_are_compared_and_not_told()
    {
        using var daemon = SettingsAnswers.Client(_profile.Load(Secret("planted-one")));

        var refused = await Assert.ThrowsAsync<CodexException>(() => ApplyAsync(daemon, Secret("planted-two")));

        Assert.Contains("p.bearer_token=***", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_levels_of_the_log_are_the_command_s_own_unless_it_starts_a_daemon()
    {
        using var daemon = SettingsAnswers.Client(_profile.Load());
        var settings = _profile.Load("log.level=debug", "log.console-level=error");

        await AskedSettings.CheckAsync(daemon, settings, CancellationToken.None);

        Assert.Equal(Request, await AskedSettings.ApplyAsync(daemon, settings, Request, CancellationToken.None));
        var refused = await Assert.ThrowsAsync<CodexException>(() =>
            AskedSettings.CheckDaemonAsync(daemon, settings, CancellationToken.None)
        );
        Assert.Contains("log.level = debug", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_differs_is_told_and_refuses_nothing()
    {
        using var daemon = SettingsAnswers.Client(_profile.Load());
        var used = SettingsEndpoint.Describe(_profile.Load(), new Hashtable());
        _profile.Variables["PLEXUM_CODEX_UMASK"] = "022";
        var settings = _profile.Load();
        var differences = new SettingDifferences(settings, used);

        var request = await AskedSettings.ApplyAsync(daemon, settings, Request, CancellationToken.None);
        string[] told = [.. differences.Tell(differences.Among(settings.Values), "/elsewhere")];

        Assert.Equal(Request, request);
        Assert.Contains("PLEXUM_CODEX_UMASK asks for codex.umask = 022", told[0], StringComparison.Ordinal);
        Assert.Contains("CODEX_HOME is /elsewhere here", told[1], StringComparison.Ordinal);
        Assert.Equal(2, told.Length);
    }

    [Fact]
    public async Task A_turn_of_a_plugin_carries_what_its_variables_ask_for_and_not_what_the_file_said_when_it_started()
    {
        using var daemon = SettingsAnswers.Client(_profile.Load());
        _profile.Variables["PLEXUM_CODEX_SANDBOX"] = "read-only";
        _profile.Variables["PLEXUM_CODEX_UMASK"] = "022";
        _profile.WriteSettings("turns.timeout = 7m");
        var settings = _profile.Load("log.max-file=1MiB", "codex.supported-models=[\"a\"]");

        var (request, told) = await AskedSettings.ApplyOfPluginAsync(daemon, settings, Request, CancellationToken.None);

        Assert.Equal(Request with { Sandbox = CodexSandbox.ReadOnly }, request);
        Assert.Contains("codex.umask = 022", told[0], StringComparison.Ordinal);
    }

    private static string Secret(string secret) => Token.Replace("TOKEN", secret, StringComparison.Ordinal);

    private Task<TurnRequest> ApplyAsync(DaemonClient daemon, params string[] assignments) =>
        AskedSettings.ApplyAsync(daemon, _profile.Load(assignments), Request, CancellationToken.None);
}
