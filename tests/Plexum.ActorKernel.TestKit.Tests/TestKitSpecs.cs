using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Xunit;
using Xunit.Abstractions;

namespace Plexum.ActorKernel.TestKitTests;

public class TestKitSpecs
{
    [Fact]
    public void A_kit_should_create_a_system_and_end_it_after_the_test()
    {
        var kit = new Kit();
        Assert.Equal("test", kit.Sys.Name);
        Assert.False(kit.Sys.WhenTerminated.IsCompleted);

        kit.Dispose();

        Assert.True(kit.Sys.WhenTerminated.IsCompleted);
        Assert.Equal("ended while the system ran", kit.End);
        kit.Dispose();
    }

    [Fact]
    public void A_kit_should_end_the_system_even_when_the_test_cannot_end_well()
    {
        var kit = new Kit { Failure = new FormatException() };

        Assert.Throws<FormatException>(kit.Dispose);

        Assert.True(kit.Sys.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void A_kit_should_take_a_configuration_and_a_name()
    {
        using var kit = new Kit(ConfigurationFactory.ParseString("my.key = 1, akka.test.timefactor = 3"), "mine");

        Assert.Equal("mine", kit.Sys.Name);
        Assert.Equal(1, kit.Sys.Settings.Config.GetInt("my.key"));
        Assert.Equal(3.0, kit.TestKitSettings.TestTimeFactor);
        Assert.Equal(TimeSpan.FromSeconds(3), kit.TestKitSettings.SingleExpectDefault);
        Assert.Equal(TimeSpan.FromSeconds(3), kit.TestKitSettings.TestEventFilterLeeway);
        Assert.Equal(TimeSpan.FromSeconds(5), kit.TestKitSettings.DefaultTimeout);
    }

    [Fact]
    public void A_kit_should_refuse_a_time_factor_of_zero() =>
        Assert.Contains("akka.test.timefactor", Assert.Throws<ConfigurationException>(
            () => new Kit(ConfigurationFactory.ParseString("akka.test.timefactor = 0"), null)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_kit_should_test_a_system_that_is_there()
    {
        var system = ActorSystem.Create("there", ConfigurationFactory.ParseString("akka.test.timefactor = 2"));
        using var kit = new Kit(system);

        kit.TestActor.Tell("x", ActorRefs.NoSender);

        Assert.Same(system, kit.Sys);
        kit.ExpectMsg("x");
        Assert.Equal(2.0, kit.TestKitSettings.TestTimeFactor);
        await system.Terminate();
    }

    [Fact]
    public void A_kit_should_write_what_is_logged_to_the_output_of_the_test()
    {
        var output = new Output();
        using (var kit = new Kit(output))
        {
            kit.EventFilter.Warning(start: "seen").ExpectOne(() => kit.Sys.Log.Warning("seen {0}", 1));
            kit.AwaitAssert(() => Assert.Contains(output.Lines, line => line.Contains("seen 1", StringComparison.Ordinal) && line.Contains("WARNING", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void An_output_that_takes_no_more_should_not_disturb()
    {
        using var kit = new Kit(new Output { IsClosed = true });

        kit.EventFilter.Warning("one").ExpectOne(() => kit.Sys.Log.Warning("one"));
        kit.EventFilter.Warning("two").ExpectOne(() => kit.Sys.Log.Warning("two"));
    }

    [Fact]
    public async Task Shutdown_should_fail_when_asked_to_verify_and_the_system_does_not_end()
    {
        using var gate = new ManualResetEventSlim();
        var kit = new Kit();
        kit.Sys.ActorOf(Props.Create(() => new Stubborn(kit.TestActor, gate)));
        kit.ExpectMsg("ready");

        var failure = Assert.Throws<TimeoutException>(() => kit.Shutdown(TimeSpan.FromMilliseconds(30), verifySystemShutdown: true));

        gate.Set();
        Assert.Contains("Failed to stop [test] within [00:00:00.03", failure.Message, StringComparison.Ordinal);
        await kit.Sys.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class Stubborn : UntypedActor
    {
        private readonly ManualResetEventSlim _gate;

        public Stubborn(IActorRef listener, ManualResetEventSlim gate)
        {
            _gate = gate;
            listener.Tell("ready");
        }

        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => _gate.Wait(TimeSpan.FromSeconds(30));
    }

    private sealed class Kit : TestKit, INoImplicitSender
    {
        public Kit(ActorSystem? system = null)
            : base(system)
        {
        }

        public Kit(Config config, string? name)
            : base(config, name)
        {
        }

        public Kit(ITestOutputHelper output)
            : base(output: output)
        {
        }

        public string? End { get; private set; }

        public Exception? Failure { get; init; }

        protected override void AfterAll()
        {
            End = Sys.WhenTerminated.IsCompleted ? "ended too late" : "ended while the system ran";
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }

    private sealed class Output : ITestOutputHelper
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public bool IsClosed { get; init; }

        public void WriteLine(string message)
        {
            if (IsClosed)
            {
                throw new InvalidOperationException("There is no currently active test.");
            }

            Lines.Enqueue(message);
        }

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));
    }
}
