using Plexum.Codex.Posix.Paths;
using Xunit;

namespace Plexum.Codex.Exec.Sandboxing;

/// <summary>A home with codex's home and secrets, a profile with two agents, and a codex that is elsewhere.</summary>
public sealed class DeniedPathsSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _root;
    private ConfinedSettings _settings;
    private ConfinedPlace _place;

    public DeniedPathsSpecs()
    {
        _root = RealPath.OfDirectory(_directory.Root)!;
        var workspace = Make("profile/agents/alice/workspace");
        Make("profile/agents/bob/workspace");
        _settings = new ConfinedSettings { Profile = At("profile"), Secrets = ["~/.ssh", "~/.netrc"] };
        _place = new ConfinedPlace(workspace, Make("home/.codex"), "/usr/bin/codex", [Make("home")]);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_profile_and_codex_s_home_are_denied_whole_though_the_workspace_is_in_the_profile() =>
        Assert.Equal([At("home/.codex"), At("profile")], Find());

    [Fact]
    public void Only_secrets_that_exist_are_denied_in_every_home()
    {
        Make("home/.ssh");
        Make("other/.ssh");
        _directory.Write("other/.netrc", "");
        _place = _place with { Homes = [At("home"), At("other")] };

        Assert.Equal([At("home/.codex"), At("home/.ssh"), At("other/.netrc"), At("other/.ssh"), At("profile")], Find());
    }

    [Fact]
    public void A_link_is_denied_where_it_leads_and_one_to_nothing_not_at_all()
    {
        Make("dotfiles/ssh");
        File.CreateSymbolicLink(At("home/.ssh"), At("dotfiles/ssh"));
        File.CreateSymbolicLink(At("home/.netrc"), At("nowhere"));

        Assert.Equal([At("dotfiles/ssh"), At("home/.codex"), At("profile")], Find());
    }

    [Fact]
    public void What_is_in_a_denied_directory_is_not_denied_again_except_in_the_workspace()
    {
        Make("profile/agents/alice/workspace/secret");
        _directory.Write("profile/token", "");
        _settings = _settings with
        {
            Own = [At("profile/token")],
            DenyRead = [At("profile/agents/alice/workspace/secret"), At("profile/agents/bob")],
        };

        Assert.Equal([At("home/.codex"), At("profile"), At("profile/agents/alice/workspace/secret")], Find());
    }

    [Fact]
    public void The_owner_may_hide_what_is_around_a_workspace()
    {
        _place = _place with { Workspace = Make("projects/one") };
        _settings = _settings with { DenyRead = [At("projects")] };

        Assert.Contains(At("projects"), Find());
    }

    [Theory]
    [InlineData("home/.ssh")]
    [InlineData("home/.ssh/keys")]
    [InlineData("home/.codex")]
    [InlineData("home/.codex/sessions")]
    [InlineData("profile")]
    [InlineData("hidden")]
    public void A_workspace_that_would_be_hidden_or_would_open_a_secret_is_refused(string workspace)
    {
        Make("home/.ssh");
        Make("hidden");
        _settings = _settings with { DenyRead = [At("hidden")] };
        _place = _place with { Workspace = Make(workspace) };

        Assert.Contains(At(workspace), Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_does_not_make_a_secret_a_workspace()
    {
        Make("home/.ssh");
        File.CreateSymbolicLink(At("innocent"), At("home/.ssh"));
        _place = _place with { Workspace = At("innocent") };

        Assert.Contains(At("home/.ssh"), Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_in_codex_s_home_still_has_workspaces()
    {
        _settings = _settings with { Profile = Make("home/.codex/plexum") };
        _place = _place with { Workspace = Make("home/.codex/plexum/agents/alice/workspace") };

        Assert.Equal([At("home/.codex")], Find());
    }

    [Theory]
    [InlineData("br[a]cket")]
    [InlineData("st*r")]
    [InlineData("what?")]
    [InlineData("line\nfeed")]
    public void A_path_that_codex_would_misunderstand_is_refused(string name)
    {
        Make(name);
        _settings = _settings with { DenyRead = [At(name)] };

        Assert.Contains("pattern", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Around_codex_s_own_program_everything_else_is_denied()
    {
        Make("home/.codex/packages/standalone/bin");
        Make("home/.codex/sessions");
        _directory.Write("home/.codex/packages/standalone/bin/codex", "");
        _directory.Write("home/.codex/auth.json", "");
        _directory.Write("home/.codex/notes", "");
        _place = _place with { Program = At("home/.codex/packages/standalone/bin/codex") };

        var denied = Find();

        Assert.Equal(
            [
                At("home/.codex/*.json"),
                At("home/.codex/*.jsonl"),
                At("home/.codex/*.sqlite*"),
                At("home/.codex/*.toml"),
                At("home/.codex/notes"),
                At("home/.codex/sessions"),
                At("profile"),
            ],
            denied
        );
    }

    private string At(string name) => Path.Combine(_root, name);

    private string Make(string name) => Directory.CreateDirectory(At(name)).FullName;

    private IEnumerable<string> Find() => DeniedPaths.Find(_settings, _place);

    private string Problem() => Assert.Throws<SandboxUnavailableException>(() => DeniedPaths.Find(_settings, _place)).Message;
}
