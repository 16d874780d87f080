using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Profiles;

public sealed class WorkspaceRulesSpecs : IDisposable
{
    private static readonly AgentId Alice = AgentId.Parse("alice");

    private readonly TemporaryDirectory _directory = new();
    private readonly string _root;

    public WorkspaceRulesSpecs()
    {
        _root = RealPath.OfDirectory(_directory.Root)!;
        Directory.CreateDirectory(At("user/.plexum/agents/alice/workspace"));
        Directory.CreateDirectory(At("user/.codex/sessions"));
        Directory.CreateDirectory(At("user/projects"));
    }

    private WorkspaceSettings Settings { get; set; } = new();

    private WorkspaceRules Rules => new(At("user/.plexum"), At("user/.codex"), Settings);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("user/.plexum", "contains the profile")]
    [InlineData("user", "contains the profile")]
    [InlineData("", "contains the profile")]
    [InlineData("user/.plexum/agents", "in the profile")]
    [InlineData("user/.plexum/agents/alice", "in the profile")]
    [InlineData("user/.plexum/agents/alice/turns", "in the profile")]
    [InlineData("user/.plexum/run", "in the profile")]
    [InlineData("user/.plexum/workspaces", "in the profile")]
    [InlineData("user/.plexum/molecule", "in the profile")]
    [InlineData("user/.plexum/plugins/x", "in the profile")]
    [InlineData("user/projects/../.plexum/logs", "in the profile")]
    [InlineData("user/.codex", "contains codex's home")]
    [InlineData("user/.codex/sessions", "in codex's home")]
    [InlineData("user/.codex/new/one", "in codex's home")]
    public void No_workspace_is_in_or_around_the_profile_or_codex_s_home(string path, string why) => IsRefused(At(path), why);

    [Theory]
    [InlineData("/", "the root of the file system")]
    [InlineData("/proc", "belongs to the system")]
    [InlineData("/proc/1", "belongs to the system")]
    [InlineData("/sys/kernel", "belongs to the system")]
    [InlineData("/dev", "belongs to the system")]
    [InlineData("/dev/new", "belongs to the system")]
    [InlineData("/dev/shm", "belongs to the system")]
    public void No_workspace_is_in_the_system_s_own_places(string path, string why) => IsRefused(path, why);

    [Theory]
    [InlineData("user/projects")]
    [InlineData("user/new/one")]
    [InlineData("user/.plexumette")]
    [InlineData("user/.codex-work")]
    [InlineData("user/.plexum/agents/alice/workspace")]
    [InlineData("user/.plexum/agents/alice/workspace/below")]
    [InlineData("user/.plexum/agents/bob/workspace")]
    [InlineData("user/.plexum/workspaces/alice")]
    [InlineData("user/.plexum/molecule/canvas-w")]
    public void The_owner_may_name_any_other(string path) => Assert.Null(Rules.WhyNot(At(path), Alice, Submitter.Owner));

    [Fact]
    public void A_link_is_judged_by_where_it_leads()
    {
        Directory.CreateSymbolicLink(At("user/projects/link"), At("user/.codex"));
        Directory.CreateSymbolicLink(At("user/projects/back"), At("user/projects"));

        IsRefused(At("user/projects/link"), $"it leads to {At("user/.codex")}, which contains codex's home");
        IsRefused(At("user/projects/link/sessions"), "in codex's home");
        Assert.Null(Why(At("user/projects/back")));
    }

    [Fact]
    public void A_profile_behind_a_link_is_kept_as_well()
    {
        Directory.Move(At("user/.codex"), At("disk"));
        Directory.CreateSymbolicLink(At("user/.codex"), At("disk"));

        IsRefused(At("disk"), "contains codex's home");
        IsRefused(At("disk/sessions"), "in codex's home");
    }

    [Fact]
    public void What_is_no_directory_is_left_to_who_creates_the_workspace()
    {
        File.WriteAllText(At("user/.codex/file"), "");

        Assert.Null(Why(At("user/.codex/file")));
    }

    [Fact]
    public void A_guest_gets_its_agent_s_own_workspace_and_the_owner_s_roots()
    {
        Assert.Null(Rules.WhyNot(At("user/.plexum/agents/alice/workspace"), Alice, Submitter.Guest));
        Assert.Contains("turns.workspace-roots", AsGuest("user/projects"), StringComparison.Ordinal);
        Assert.NotNull(AsGuest("user/.plexum/agents/bob/workspace"));
        Assert.NotNull(AsGuest("user/.plexum/molecule/canvas-w"));

        Settings = new WorkspaceSettings { Roots = [At("user/projects")] };
        Directory.CreateSymbolicLink(At("user/projects/out"), At("user/other"));
        Directory.CreateDirectory(At("user/other"));

        Assert.Null(AsGuest("user/projects"));
        Assert.Null(AsGuest("user/projects/new"));
        Assert.Contains("outside turns.workspace-roots", AsGuest("user/other"), StringComparison.Ordinal);
        Assert.Contains("outside turns.workspace-roots", AsGuest("user/projects/out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_hold_for_the_owner_too_but_never_take_the_program_s_own_places_away_or_give_them()
    {
        Settings = new WorkspaceSettings { Roots = [At("user/projects"), At("user/.codex")] };

        Assert.Null(Why(At("user/projects/a")));
        Assert.Null(Why(At("user/.plexum/agents/alice/workspace")));
        Assert.Null(Why(At("user/.plexum/molecule/canvas-w")));
        IsRefused(At("user/other"), "outside turns.workspace-roots");
        IsRefused(At("user/.plexum/agents/bob/workspace"), "outside turns.workspace-roots");
        IsRefused(At("user/.codex/sessions"), "in codex's home");
    }

    [Fact]
    public void A_turn_starts_where_its_workspace_leads_by_then_or_not_at_all()
    {
        var link = At("user/projects/link");
        Directory.CreateDirectory(At("user/projects/a"));
        Directory.CreateSymbolicLink(link, At("user/projects/a"));
        Assert.Equal((At("user/projects/a"), null), Rules.Enter(link, Alice, Submitter.Owner, accepted: At("user/projects/a")));
        Assert.Equal((At("user/projects/a"), null), Rules.Enter(link, Alice, Submitter.Owner, accepted: null));

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, At("user/.codex"));
        var (_, refusal) = Rules.Enter(link, Alice, Submitter.Owner, accepted: null);

        Assert.Equal(TurnRefusalReason.WorkspaceNotAllowed, refusal?.Reason);
        Assert.Contains(link, refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_turn_does_not_start_in_another_place_than_it_was_accepted_for_even_if_that_is_allowed()
    {
        Directory.CreateDirectory(At("user/projects/a"));
        Directory.CreateDirectory(At("user/projects/b"));
        Directory.CreateSymbolicLink(At("user/projects/link"), At("user/projects/b"));

        var (_, refusal) = Rules.Enter(At("user/projects/link"), Alice, Submitter.Owner, accepted: At("user/projects/a"));

        Assert.Equal(TurnRefusalReason.WorkspaceNotAllowed, refusal?.Reason);
        Assert.Contains($"{At("user/projects/a")} when the turn was accepted", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_submits_is_a_guest_unless_somebody_has_said_otherwise() => Assert.Equal(Submitter.Guest, default);

    [Fact]
    public void No_path_has_a_NUL_character() => IsRefused(At("user/projects/a\0b"), "NUL");

    [Theory]
    [InlineData(".", "contains the profile")]
    [InlineData("..", "contains the profile")]
    [InlineData("../../..", "contains the profile")]
    [InlineData("../.codex", "contains codex's home")]
    [InlineData("../.codex/sessions", "lies in codex's home")]
    [InlineData("agents", "is agents in the profile")]
    [InlineData("agents/alice", "is agents in the profile")]
    [InlineData("run/chats", "is run in the profile")]
    [InlineData("app-server", "is app-server in the profile")]
    [InlineData("molecule-state/chats", "is molecule-state in the profile")]
    public void The_channel_s_workspaces_never_make_the_program_s_own_files_workspaces(string molecule, string why)
    {
        Settings = new WorkspaceSettings { Molecule = molecule };

        Assert.Contains(why, Rules.WhyNotMolecule(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("molecule")]
    [InlineData("chats/here")]
    [InlineData("workspaces/molecule")]
    [InlineData("../work")]
    [InlineData("/srv/chats")]
    public void The_channel_s_workspaces_may_be_anywhere_else(string molecule)
    {
        Settings = new WorkspaceSettings { Molecule = molecule };

        Assert.Null(Rules.WhyNotMolecule());
    }

    private string At(string path) => path.Length == 0 ? _root : Path.Combine(_root, path);

    private string? Why(string path) => Rules.WhyNot(path, Alice, Submitter.Owner);

    private string? AsGuest(string path) => Rules.WhyNot(At(path), Alice, Submitter.Guest);

    private void IsRefused(string path, string why) => Assert.Contains(why, Why(path), StringComparison.Ordinal);
}
