using Plexum.Codex.LoopbackModel.Codex;

namespace Plexum.Codex.LoopbackModel.Tests;

public sealed class CodexProviderSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loopback-").FullName;
    private readonly CodexProvider _provider = new(new Uri("http://127.0.0.1:1234/v1"))
    {
        Model = "a \"quoted\" name",
        StreamRetries = 2,
        StreamIdleTimeout = TimeSpan.FromSeconds(1.5),
    };

    [Fact]
    public void Arguments_and_configuration_say_the_same()
    {
        _provider.WriteConfig(_folder);

        var arguments = _provider.Arguments();
        var lines = File.ReadAllLines(Path.Combine(_folder, "config.toml"));
        Assert.All(arguments.Where((_, at) => at % 2 == 0), flag => Assert.Equal("-c", flag));
        Assert.Equal(
            arguments.Where((_, at) => at % 2 == 1).Select(setting => setting.Replace("=", " = ", StringComparison.Ordinal)),
            lines.Skip(1)
        );
        Assert.Contains("model_providers.loopback.base_url=\"http://127.0.0.1:1234/v1\"", arguments);
        Assert.Contains("model_providers.loopback.stream_max_retries=2", arguments);
        Assert.Contains("model_providers.loopback.stream_idle_timeout_ms=1500", arguments);
        Assert.Contains("model=\"a \\u0022quoted\\u0022 name\"", arguments);
    }

    [Fact]
    public void A_configuration_of_its_own_is_overwritten()
    {
        _provider.WriteConfig(_folder);
        (_provider with { Model = "other" }).WriteConfig(_folder);

        Assert.Contains("model = \"other\"", File.ReadAllLines(Path.Combine(_folder, "config.toml")));
    }

    [Fact]
    public void Somebody_elses_configuration_is_left_alone()
    {
        var path = Path.Combine(_folder, "config.toml");
        File.WriteAllText(path, "model = \"mine\"\n");

        var refused = Assert.Throws<IOException>(() => _provider.WriteConfig(_folder));

        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Equal("model = \"mine\"\n", File.ReadAllText(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
