using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Internal;
using Akka.TestKit.Xunit2.Internals;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>
/// The base of an xunit test class that tests actors. Each test has a system of its own, which is terminated after it.
/// Where an output helper is given, the test's output has what the system logs.
/// </summary>
public class TestKit : TestKitBase, IDisposable
{
    /// <summary>The test's output; null when the test gave none.</summary>
    protected readonly ITestOutputHelper Output;

    private bool _disposed;

    /// <summary>Tests <paramref name="system"/>, or a new system with the default configuration.</summary>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : base(Assertions, system)
    {
        Output = output!;
        InitializeLogger(Sys);
    }

    /// <summary>Tests a new system; what <paramref name="config"/> does not say is as in <see cref="DefaultConfig"/>.</summary>
    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output!;
        InitializeLogger(Sys);
    }

    /// <summary>Tests a new system with a configuration in HOCON; what it does not say is as in <see cref="DefaultConfig"/>.</summary>
    public TestKit(string config, ITestOutputHelper? output = null)
        : this(ConfigurationFactory.ParseString(config), null, output)
    {
    }

    /// <inheritdoc cref="TestKitBase.DefaultConfig" />
    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    /// <inheritdoc cref="TestKitBase.FullDebugConfig" />
    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    /// <summary>How failures are told to xunit.</summary>
    protected static XunitAssertions Assertions { get; } = new();

    /// <summary>Runs <see cref="AfterAll"/> and terminates the system. xunit calls it after the test.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called after the test, while the system still runs.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Lets <see cref="Output"/>, if there is one, have what <paramref name="system"/> logs.</summary>
    protected void InitializeLogger(ActorSystem system) => InitializeLogger(system, "");

    /// <summary>Lets <see cref="Output"/>, if there is one, have what <paramref name="system"/> logs, line by line after a prefix.</summary>
    protected void InitializeLogger(ActorSystem system, string prefix)
    {
        if (Output is null)
        {
            return;
        }

        var output = string.IsNullOrEmpty(prefix) ? Output : new PrefixedOutput(Output, prefix);
        ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new TestOutputLogger(output)), "log-test")
            .Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), TimeSpan.FromSeconds(3))
            .GetAwaiter().GetResult();
    }

    /// <summary>Does what <see cref="Dispose()"/> says, once.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            Shutdown();
            ImplicitSender.Forget(TestActor);
        }
    }

    private sealed class PrefixedOutput(ITestOutputHelper output, string prefix) : ITestOutputHelper
    {
        public void WriteLine(string message) => output.WriteLine(prefix + message);

        public void WriteLine(string format, params object[] args) => output.WriteLine(prefix + format, args);
    }
}
