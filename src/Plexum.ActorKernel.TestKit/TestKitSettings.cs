using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The section <c>akka.test</c> of a system's configuration.</summary>
public class TestKitSettings
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="ConfigurationException">The configuration is empty, or the time factor is not more than 0.</exception>
    public TestKitSettings(Config config)
    {
        if (config is null || config.IsEmpty)
        {
            throw new ConfigurationException("TestKitSettings cannot be read: the configuration is null or empty.");
        }

        DefaultTimeout = config.GetTimeSpan("akka.test.default-timeout", null, allowInfinite: false);
        SingleExpectDefault = config.GetTimeSpan("akka.test.single-expect-default", null, allowInfinite: false);
        TestEventFilterLeeway = config.GetTimeSpan("akka.test.filter-leeway", null, allowInfinite: false);
        TestTimeFactor = config.GetDouble("akka.test.timefactor", 0);
        if (TestTimeFactor <= 0)
        {
            throw new ConfigurationException($"Expected a positive value for \"akka.test.timefactor\" but found {TestTimeFactor}");
        }
    }

    /// <summary>How long a test waits for an answer to an Ask.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long an expectation waits when nothing else says so; undilated.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long an event filter waits after its block; undilated.</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>What <see cref="TestKitBase.Dilated"/> multiplies by.</summary>
    public double TestTimeFactor { get; }
}
