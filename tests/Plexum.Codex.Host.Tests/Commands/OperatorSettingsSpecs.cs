namespace Plexum.Codex.Host.Commands;

/// <summary>What an operator does while the settings have a mistake that the running daemon has not noticed.</summary>
public sealed class OperatorSettingsSpecs : IDisposable
{
    private readonly ProfileOfTest _profile = new();
    private readonly List<string> _told = [];

    public void Dispose() => _profile.Dispose();

    [Theory]
    [InlineData("turns.timeuot = 4\napi.socket = other.sock", "turns.timeuot")]
    [InlineData("turns.timeout = 4\napi.socket = other.sock", "turns.timeout")]
    [InlineData("turns = 4\napi.socket = other.sock", "turns must be a section")]
    public void A_mistake_in_the_file_is_told_and_the_socket_is_known_all_the_same(string hocon, string names)
    {
        _profile.WriteSettings(hocon);

        Assert.Equal(Path.Combine(_profile.Profile.Root, "other.sock"), Load().Api.Socket);
        Assert.Contains(names, Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_leaves_the_defaults()
    {
        var usual = _profile.Load().Api.Socket;
        _profile.WriteSettings("turns { timeout = 4m");
        _profile.WritePluginConfig("{");

        Assert.Equal(usual, Load().Api.Socket);
        Assert.Single(_told);
    }

    [Fact]
    public void A_mistake_in_a_variable_is_told_and_the_others_that_matter_hold()
    {
        _profile.Variables["PLEXUM_TURNS_TIMEOUT"] = "soon";
        _profile.Variables["PLEXUM_API_SOCKET"] = "/run/other.sock";
        _profile.Variables["CODEX_HOME"] = "/srv/codex";

        var settings = Load();

        Assert.Equal(("/run/other.sock", "/srv/codex"), (settings.Api.Socket, settings.Rollouts.CodexHome));
        Assert.Contains("PLEXUM_TURNS_TIMEOUT", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_of_the_command_itself_is_refused()
    {
        _profile.WriteSettings("turns.timeuot = 4");

        var refused = Assert.Throws<ConfigurationProblemsException>(() => Load("turns.limit=1"));

        Assert.Contains("turns.limit", Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.Empty(_told);
    }

    [Fact]
    public void Nothing_is_told_of_settings_that_are_well()
    {
        _profile.WriteSettings("turns.timeout = 4m");

        Assert.Equal(TimeSpan.FromMinutes(4), Load().Agents.TurnTimeout);
        Assert.Empty(_told);
    }

    private Configuration.ProgramSettings Load(params string[] assignments) =>
        OperatorSettings.Load(_profile.Profile, assignments, _profile.Variables, _told.Add);
}
