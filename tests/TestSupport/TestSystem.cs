using System.Globalization;
using Akka.Configuration;
using Akka.TestKit.Configs;

namespace Plexum.Codex.TestSupport;

/// <summary>The configuration of the tests' actor systems.</summary>
internal static class TestSystem
{
    private static readonly string Limit = string.Create(CultureInfo.InvariantCulture, $"{Limits.Wait.TotalSeconds}s");

    /// <summary>The kit waits for messages, log events and its own start as tests wait for anything else.</summary>
    public static Config Config { get; } =
        ConfigurationFactory.ParseString(
            $$"""
            akka.stdout-loglevel = OFF
            akka.test {
              single-expect-default = {{Limit}}
              default-timeout = {{Limit}}
              startup-timeout = {{Limit}}
              filter-leeway = {{Limit}}
            }
            """
        );

    /// <summary>The same with a scheduler whose clock the test turns.</summary>
    public static Config WithClock { get; } =
        ConfigurationFactory
            .ParseString($"akka.scheduler.implementation = \"{typeof(TestClock).AssemblyQualifiedName}\"")
            .WithFallback(Config)
            .WithFallback(TestConfigs.TestSchedulerConfig);

    /// <summary>The same with all that is logged on the event stream.</summary>
    public static Config WithClockAndLog { get; } = ConfigurationFactory.ParseString("akka.loglevel = DEBUG").WithFallback(WithClock);
}
