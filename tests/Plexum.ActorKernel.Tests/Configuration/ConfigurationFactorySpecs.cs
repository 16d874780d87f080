using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.Configuration;

/// <summary>Where configurations come from.</summary>
public class ConfigurationFactorySpecs
{
    private const string Resource = "Plexum.ActorKernel.Tests.Configuration.embedded.hocon";

    [Fact]
    public void An_embedded_file_should_be_read()
    {
        var byType = ConfigurationFactory.FromResource<ConfigurationFactorySpecs>(Resource);
        var byAssembly = ConfigurationFactory.FromResource(Resource, typeof(ConfigurationFactorySpecs).Assembly);

        Assert.All([byType, byAssembly], config => Assert.Equal("from the assembly", config.GetString("embedded.text")));
    }

    [Fact]
    public void The_empty_configuration_should_be_empty()
    {
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
        Assert.True(Config.Empty.IsEmpty);
    }

    [Fact]
    public void The_default_configuration_should_hold_the_settings_of_the_runtime()
    {
        var config = ConfigurationFactory.Default();

        Assert.Equal("INFO", config.GetString("akka.loglevel"));
        Assert.True(config.GetConfig("akka.actor")!.HasPath("default-dispatcher.throughput"));
    }
}
