using System.Globalization;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>All that a TestKit knows of the test it is serving; a re-initialised kit starts a new one.</summary>
internal sealed class TestKitState
{
    private static int _names;

    internal TestKitState(TestKitBase testKit, ActorSystem system)
    {
        System = system;
        Settings = SettingsOf(system);
        Log = Logging.GetLogger(system, testKit.GetType());
        EventFilter = new EventFilterFactory(testKit, system);
    }

    internal ActorSystem System { get; }

    internal TestKitSettings Settings { get; }

    internal ILoggingAdapter Log { get; }

    internal EventFilterFactory EventFilter { get; }

    internal MessageQueue Queue { get; } = new();

    internal IActorRef TestActor { get; set; } = null!;

    internal MessageEnvelope LastMessage { get; set; } = NullMessageEnvelope.Instance;

    /// <summary>When the innermost Within block ends; null outside of one.</summary>
    internal TimeSpan? End { get; set; }

    /// <summary>The last step waited for silence, so the end of a Within block was meant to be reached.</summary>
    internal bool LastWasNoMsg { get; set; }

    internal static string NameFor(string? wanted) => string.IsNullOrEmpty(wanted)
        ? "testActor" + Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture)
        : wanted;

    /// <summary>A system that no TestKit created has no section <c>akka.test</c>, so the defaults stand below it.</summary>
    internal static TestKitSettings SettingsOf(ActorSystem system) => ((ActorSystemImpl)system).GetOrAddExtension(
        static s => new TestKitSettings(s.Settings.Config.WithFallback(ConfigResources.Reference)));
}
