using Plexum.Codex.Sandboxing;

namespace Plexum.Codex.Host.Configuration;

public sealed class ConfinedSettingsSpecs : IDisposable
{
    private readonly ProfileOfTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void By_default_the_program_s_own_files_and_the_usual_secrets_are_hidden()
    {
        var confined = _test.Load().Confined;

        Assert.False(confined.Network);
        Assert.Equal(_test.Profile.Root, confined.Profile);
        Assert.Contains(Path.Combine(_test.Profile.Root, "api-token"), confined.Own);
        Assert.Contains(Path.Combine(_test.Profile.Root, "plexum-codex.sock"), confined.Own);
        Assert.Superset(
            new HashSet<string>(["~/.ssh", "~/.npmrc", "~/.aws", "~/.gnupg", "~/.netrc", "~/.docker", "~/.kube", "~/.config/gh"]),
            confined.Secrets.ToHashSet()
        );
        Assert.Empty(confined.DenyRead);
    }

    [Fact]
    public void Files_outside_the_profile_are_hidden_where_they_are()
    {
        var confined = _test.Load("api.socket=/run/p.sock", "molecule.token-file=/etc/token", "molecule.workspaces=/srv/chats").Confined;

        Assert.Superset(new HashSet<string>(["/run/p.sock", "/etc/token", "/srv/chats"]), confined.Own.ToHashSet());
    }

    [Fact]
    public void S2_Other_profiles_of_the_user_are_hidden_whichever_this_one_is()
    {
        _test.Variables["PLEXUM_PROFILE_ROOT"] = "/srv/main";
        _test.Variables["CODEX_CHANNEL_MOLECULE_STATE_DIR"] = "/srv/channel/";
        _test.Variables["MOLECULE_WORKSPACE_TOKEN_FILE"] = "/srv/../etc/token";

        var others = _test.Load().Confined.OtherProfiles;

        Assert.Equal(
            ["~/.plexum", "~/.codex-channel-molecule", "~/.codex", "~/.molecule-token", "/srv/main", "/srv/channel/", "/etc/token"],
            others.AsEnumerable()
        );
    }

    [Theory]
    [InlineData(".")]
    [InlineData("agents")]
    public void A_directory_for_the_channel_s_workspaces_that_would_open_the_profile_is_an_error(string directory)
    {
        var problem = Assert.Single(_test.Problems($"molecule.workspaces={directory}"));

        Assert.StartsWith($"plexum.molecule.workspaces: \"{directory}\" ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_owner_adds_paths_and_may_replace_the_secrets()
    {
        var confined = _test
            .Load("codex.confined.network=on", "codex.confined.deny-read=[\"/srv\", \"~/mail\"]", "codex.confined.secrets=[]")
            .Confined;

        Assert.True(confined.Network);
        Assert.Equal(["/srv", "~/mail"], confined.DenyRead.AsEnumerable());
        Assert.Empty(confined.Secrets);
    }

    [Theory]
    [InlineData("relative", "absolute")]
    [InlineData("~other/x", "absolute")]
    [InlineData("/srv/*", "pattern")]
    [InlineData("~/[a]", "pattern")]
    public void A_path_that_could_not_be_hidden_is_an_error(string path, string reason)
    {
        var problem = Assert.Single(_test.Problems($"codex.confined.deny-read=[\"{path}\"]"));

        Assert.StartsWith($"plexum.codex.confined.deny-read: \"{path}\" ", problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
        Assert.NotNull(ConfinedSettings.WhyNot(path));
    }
}
