using Plexum.Codex.Posix.Paths;
using Xunit;

namespace Plexum.Codex.Sandboxing;

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

    [Fact]
    public void S2_A_denied_directory_above_codex_s_program_opens_nothing_that_was_in_it()
    {
        Make("home/.ssh");
        Make("home/projects/one");
        Make("other");
        Make("home/.nvm/node/bin");
        Make("home/.nvm/node/codex-resources");
        Put("home/.nvm/alias");
        Put("home/.nvm/node/bin/codex");
        Put("home/.nvm/node/bin/node");
        Put("home/.nvm/node/codex-path/rg");
        File.CreateSymbolicLink(At("home/.nvm/current"), "/usr");
        _settings = _settings with { DenyRead = [_root] };
        _place = _place with { Program = At("home/.nvm/node/bin/codex"), Workspace = At("home/projects/one") };

        var denied = DeniedPaths.Find(_settings, _place);

        string[] hidden =
        [
            At("home/.codex"),
            At("home/.nvm/alias"),
            At("home/.nvm/node/bin/node"),
            At("home/.nvm/node/codex-resources"),
            At("home/.ssh"),
            At("home/projects"),
            At("other"),
            At("profile"),
        ];
        Assert.Equal(hidden, denied.ToTry.AsEnumerable());
        Assert.Equal(hidden, denied.All.Where(path => !DeniedPaths.IsPattern(path)));
        Assert.Contains(At("*.json"), denied.All);
    }

    [Fact]
    public void S2_What_is_covered_is_tried_too()
    {
        Make("home/.ssh");
        Put("profile/token");
        _settings = _settings with { Own = [At("profile/token")], DenyRead = [At("home")] };

        Assert.Equal([At("home"), At("home/.codex"), At("home/.ssh"), At("profile"), At("profile/token")], ToTry());
    }

    [Fact]
    public void The_workspace_itself_stays_where_everything_around_it_and_around_codex_is_denied()
    {
        Put("bin/codex");
        _settings = _settings with { DenyRead = [_root] };
        _place = _place with { Workspace = Make("work"), Program = At("bin/codex") };

        Assert.DoesNotContain(At("work"), Find());
        Assert.Contains(At("home"), Find());
    }

    [Fact]
    public void Codex_s_own_program_cannot_be_denied()
    {
        _settings = _settings with { DenyRead = [Put("bin/codex")] };
        _place = _place with { Program = At("bin/codex") };

        Assert.Contains(At("bin/codex"), Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void S2_Links_in_hidden_directories_are_followed_to_what_they_lead_to()
    {
        Put("secrets/auth.json");
        Put("dotfiles/id");
        Make("home/.ssh");
        Make("main");
        File.CreateSymbolicLink(At("home/.codex/auth.json"), At("secrets/auth.json"));
        File.CreateSymbolicLink(At("home/.ssh/id"), "../../dotfiles/id");
        File.CreateSymbolicLink(At("main/api-token"), At("dotfiles/id"));
        _settings = _settings with { OtherProfiles = [At("main")] };

        Assert.Equal([At("dotfiles/id"), At("home/.codex"), At("home/.ssh"), At("main"), At("profile"), At("secrets/auth.json")], Find());
    }

    [Fact]
    public void S2_Logins_come_before_other_links_if_there_are_too_many()
    {
        Put("secrets/auth.json");
        for (var i = 0; i <= LinkTargets.MaxLinks; i++)
        {
            File.CreateSymbolicLink(At($"home/.codex/{i}"), Put($"many/{i}"));
        }

        File.CreateSymbolicLink(At("home/.codex/auth.json"), At("secrets/auth.json"));

        Assert.Contains(At("secrets/auth.json"), Find());
    }

    [Theory]
    [InlineData("home")]
    [InlineData("/")]
    [InlineData("/dev/null")]
    [InlineData("profile/agents/alice/workspace")]
    [InlineData("home/.agents/skills")]
    public void A_link_that_leads_to_what_commands_need_hides_nothing(string target)
    {
        Make("home/.agents/skills");
        File.CreateSymbolicLink(At("home/.codex/link"), At(target));

        Assert.Equal([At("home/.codex"), At("profile")], Find());
    }

    [Fact]
    public void A_secret_that_leads_to_the_null_device_is_none()
    {
        File.CreateSymbolicLink(At("home/.netrc"), "/dev/null");

        Assert.DoesNotContain("/dev/null", Find());
    }

    [Fact]
    public void S2_Another_profile_of_the_user_is_denied_and_may_still_have_the_workspace_in_it()
    {
        Make("home/.plexum/agents/carol/workspace");
        _settings = _settings with { OtherProfiles = ["~/.plexum"] };
        Assert.Contains(At("home/.plexum"), Find());

        _place = _place with { Workspace = At("home/.plexum/agents/carol/workspace") };
        Assert.Contains(At("home/.plexum"), Find());

        _place = _place with { Workspace = At("home/.plexum") };
        Assert.Contains(At("home/.plexum"), Problem(), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_root, name);

    private string Make(string name) => Directory.CreateDirectory(At(name)).FullName;

    private string Put(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        return _directory.Write(name, "");
    }

    private IEnumerable<string> Find() => DeniedPaths.Find(_settings, _place).All;

    private IEnumerable<string> ToTry() => DeniedPaths.Find(_settings, _place).ToTry;

    private string Problem() => Assert.Throws<SandboxUnavailableException>(() => DeniedPaths.Find(_settings, _place)).Message;
}
