using System.Collections;
using Plexum.Codex.Host.Api;

namespace Plexum.Codex.Host.Commands.Service;

public sealed class RestartEnvironmentSpecs : IDisposable
{
    private readonly ProfileOfTest _profile = new();

    public void Dispose() => _profile.Dispose();

    [Fact]
    public void Another_home_login_proxy_or_setting_of_the_environment_is_a_difference_and_no_secret_is_told()
    {
        var there = new Hashtable { ["OPENAI_API_KEY"] = "planted-one", ["HTTPS_PROXY"] = "http://me:planted@proxy.example" };
        var used = SettingsEndpoint.Describe(_profile.Load(), there);
        _profile.Variables["CODEX_HOME"] = "/elsewhere";
        _profile.Variables["PLEXUM_TURNS_TIMEOUT"] = "7m";

        var found = new RestartEnvironment(_profile.Load(), new Hashtable { ["OPENAI_API_KEY"] = "planted-two" }).Differences(used);

        Assert.Collection(
            found,
            home => Assert.StartsWith("CODEX_HOME is /elsewhere here", home, StringComparison.Ordinal),
            setting => Assert.StartsWith("turns.timeout is 7m here (PLEXUM_TURNS_TIMEOUT) and 10m", setting, StringComparison.Ordinal),
            proxy => Assert.Equal("HTTPS_PROXY is set there and not here", proxy),
            login => Assert.Equal("OPENAI_API_KEY has another value here than there", login)
        );
        Assert.DoesNotContain("planted", string.Concat(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_only_the_daemon_has_is_a_difference_and_a_changed_file_is_none()
    {
        _profile.Variables["PLEXUM_TURNS_TIMEOUT"] = "7m";
        var used = SettingsEndpoint.Describe(_profile.Load(), new Hashtable());
        _profile.Variables.Clear();
        _profile.WriteSettings("turns.max-stderr = 8MiB");

        var found = new RestartEnvironment(_profile.Load(), new Hashtable()).Differences(used);

        Assert.StartsWith("turns.timeout is 10m here", Assert.Single(found), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:7400", "serve", "--listen", "127.0.0.1:7400", "--set", "a=b")]
    [InlineData("127.0.0.1:7400", "serve", "--listen=127.0.0.1:7400")]
    [InlineData(null, "serve", "--listening", "x")]
    public void An_option_of_a_daemon_is_found_in_its_arguments(string? value, params string[] arguments) =>
        Assert.Equal(value, DaemonArguments.ValuesOf([.. arguments], "--listen").LastOrDefault());
}
