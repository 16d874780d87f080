using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Configuration;

/// <summary>What the settings say of single agents.</summary>
public sealed class AgentOverrideSpecs : IDisposable
{
    private static readonly AgentId Alice = AgentId.Parse("alice");

    private readonly ProfileOfTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void An_agent_has_what_is_said_of_it_and_else_what_is_said_of_all()
    {
        _test.WriteSettings(
            """
            codex.backend = auto
            agents.overrides {
              alice { backend = app-server, approvals = untrusted }
              "b.c" { backend = EXEC }
            }
            """
        );

        var settings = _test.Load();

        Assert.Equal(Of(BackendKind.AppServer, ApprovalPolicy.Untrusted), Of(settings, "alice"));
        Assert.Equal(Of(BackendKind.Exec, ApprovalPolicy.Never), Of(settings, "b.c"));
        Assert.Equal(Of(BackendKind.Auto, ApprovalPolicy.Never), Of(settings, "bob"));
    }

    [Fact]
    public void The_operator_may_have_codex_ask_less_of_one_agent_than_of_all() =>
        Assert.Equal(
            ApprovalPolicy.Never,
            _test.Load("approvals.policy=untrusted", "agents.overrides.alice.approvals=never").Agents.ApprovalsOf(Alice).Policy
        );

    [Fact]
    public void Each_value_is_listed_with_its_own_source()
    {
        _test.WriteSettings("agents.overrides { alice {\n backend = exec\n approvals = never } }");

        var settings = _test.Load("agents.overrides.alice.backend=app-server", "agents.overrides.\"b.c\".backend=auto");

        Assert.Equal(
            [
                ("agents.overrides.\"b.c\".backend", "auto", "--set agents.overrides.\"b.c\".backend"),
                ("agents.overrides.alice.approvals", "never", $"{_test.Profile.SettingsFile}, line 3"),
                ("agents.overrides.alice.backend", "app-server", "--set agents.overrides.alice.backend"),
            ],
            settings
                .Values.Where(value => value.Name.StartsWith("agents.overrides", StringComparison.Ordinal))
                .Select(value => (value.Name, value.Text, value.Source))
        );
        Assert.Equal(Of(BackendKind.AppServer, ApprovalPolicy.Never), Of(settings, "alice"));
    }

    [Theory]
    [InlineData("agents.overrides = 5", "line 1: plexum.agents.overrides must be a section, with its keys in braces; it is \"5\".")]
    [InlineData(
        "agents.overrides { \"a b\" {} }",
        "line 1: plexum.agents.overrides.a b names no agent: use 1 to 64 letters, digits, dots, underscores or dashes, without \"..\"."
    )]
    [InlineData(
        "agents.overrides { alice = exec }",
        "line 1: plexum.agents.overrides.alice must be a section, for example alice { backend = app-server }."
    )]
    [InlineData(
        "agents.overrides {\n alice { backend = warm } }",
        "line 2: plexum.agents.overrides.alice.backend must be one of auto, exec, app-server; it is \"warm\"."
    )]
    [InlineData(
        "agents.overrides { alice { approvals = [] } }",
        "line 1: plexum.agents.overrides.alice.approvals must be one of never, on-request, untrusted; it is no text."
    )]
    [InlineData(
        "agents.overrides { alice { sandbox = none } }",
        "line 1: plexum.agents.overrides.alice.sandbox is unknown: an agent can have backend and approvals of its own."
    )]
    public void A_mistake_is_told_with_its_place(string hocon, string problem)
    {
        _test.WriteSettings(hocon);

        Assert.EndsWith(problem, Assert.Single(_test.Problems()), StringComparison.Ordinal);
    }

    private static (BackendKind, ApprovalPolicy) Of(BackendKind backend, ApprovalPolicy approvals) => (backend, approvals);

    private static (BackendKind, ApprovalPolicy) Of(ProgramSettings settings, string agent)
    {
        var id = AgentId.Parse(agent);
        return (settings.BackendOf(id), settings.Agents.ApprovalsOf(id).Policy);
    }
}
