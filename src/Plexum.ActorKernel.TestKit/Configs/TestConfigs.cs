using Akka.Configuration;
using Akka.TestKit.Internal;

namespace Akka.TestKit.Configs;

/// <summary>Configurations for systems under test.</summary>
public static class TestConfigs
{
    /// <summary>What every system under test has: the listening logger and <c>akka.test</c>.</summary>
    public static Config DefaultConfig => ConfigResources.Reference;

    /// <summary><see cref="DefaultConfig"/> with a <see cref="TestScheduler"/>, so that the test turns the clock.</summary>
    public static Config TestSchedulerConfig { get; } =
        ConfigResources.Read("Configs.TestScheduler.conf").WithFallback(ConfigResources.Reference);
}
