using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Internal;
using Akka.TestKit.TestEvent;
using Akka.TestKit.Xunit2;
using Xunit;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class EventFilterSpecs : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public EventFilterSpecs()
        : base("akka { loglevel = DEBUG, test.filter-leeway = 10s }")
    {
    }

    private Task LogX()
    {
        Log.Info("x");
        return Task.CompletedTask;
    }

    private sealed class Logging : UntypedActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        protected override void OnReceive(object message) => _log.Warning("got {0}", message);
    }

    [Fact]
    public void A_filter_should_match_events_of_its_level()
    {
        EventFilter.Debug().ExpectOne(() => Log.Debug("d"));
        EventFilter.Info().ExpectOne(() => Log.Info("i"));
        EventFilter.Warning().ExpectOne(() => Log.Warning("w"));
        EventFilter.Error().ExpectOne(() => Log.Error("e"));
        EventFilter.Error().ExpectOne(() => Log.Error(new FormatException(), "with a cause"));
        foreach (var level in Enum.GetValues<LogLevel>())
        {
            EventFilter.ForLogLevel(level, "same").ExpectOne(() => Log.Log(level, null, "same"));
            EventFilter.ForLogLevel(level, new Regex("^s.me$")).ExpectOne(() => Log.Log(level, null, "same"));
        }
    }

    [Fact]
    public void A_filter_should_match_a_whole_text_its_start_a_part_or_a_pattern_in_any_case()
    {
        EventFilter.Info("The Whole").ExpectOne(() => Log.Info("the {0}", "whole"));
        EventFilter.Info(start: "THE").ExpectOne(() => Log.Info("the start"));
        EventFilter.Info(contains: "PAR").ExpectOne(() => Log.Info("a part"));
        EventFilter.Info(new Regex("[0-9]+")).ExpectOne(() => Log.Info("number 17"));
        EventFilter.Warning("exact").Expect(0, Soon, () => Log.Warning("exactly"));
        EventFilter.Warning(start: "exact").Expect(0, Soon, () => Log.Warning("inexact"));
        EventFilter.Warning(contains: "x").Expect(0, Soon, () => Log.Warning("no"));
    }

    [Fact]
    public void A_filter_should_match_a_source_with_or_without_address()
    {
        var actor = ActorOf<Logging>("logging");

        EventFilter.Warning(source: "/user/logging").ExpectOne(() => actor.Tell(1));
        EventFilter.Warning("got 2", source: actor.Path.ToString()).ExpectOne(() => actor.Tell(2));
        EventFilter.Warning(source: "/user/other").Expect(0, Soon, () => actor.Tell(3));
    }

    [Fact]
    public void An_exception_filter_should_match_the_cause_of_an_error()
    {
        var cause = new ArgumentNullException("x", "the cause");

        EventFilter.Exception<ArgumentException>().ExpectOne(() => Log.Error(cause, "text"));
        EventFilter.Exception<ArgumentException>("text").ExpectOne(() => Log.Error(cause, "text"));
        EventFilter.Exception<ArgumentException>(start: "the cause").ExpectOne(() => Log.Error(cause, "text"));
        EventFilter.Exception<ArgumentException>(new Regex("c.use")).ExpectOne(() => Log.Error(cause, "text"));
        EventFilter.Exception(typeof(ArgumentException), contains: "ex").ExpectOne(() => Log.Error(cause, "text"));
        EventFilter.Exception<FormatException>().Expect(0, Soon, () => Log.Error(cause, "text"));
        EventFilter.Exception<ArgumentException>("other").Expect(0, Soon, () => Log.Error(cause, "text"));
        EventFilter.Exception<ArgumentException>().Expect(0, Soon, () => Log.Error("no cause"));
        Assert.Throws<ArgumentException>(() => EventFilter.Exception(typeof(string)));
    }

    [Fact]
    public void An_exception_filter_should_look_into_inner_exceptions_when_told_to()
    {
        var cause = new InvalidOperationException("outer", new FormatException("inner"));

        EventFilter.Exception(typeof(FormatException), "inner", checkInnerExceptions: true).ExpectOne(() => Log.Error(cause, "text"));
        EventFilter.Exception(typeof(FormatException), "inner").Expect(0, Soon, () => Log.Error(cause, "text"));
    }

    [Fact]
    public void A_dead_letter_filter_should_match_by_type_content_and_receiver()
    {
        var gone = ActorOf<Logging>("gone");
        Watch(gone);
        Sys.Stop(gone);
        ExpectTerminated(gone);

        EventFilter.DeadLetter().ExpectOne(() => gone.Tell(1));
        EventFilter.DeadLetter<int>().ExpectOne(() => gone.Tell(1));
        EventFilter.DeadLetter<int>("/user/gone").ExpectOne(() => gone.Tell(1));
        EventFilter.DeadLetter<int>(i => i == 1).ExpectOne(() => gone.Tell(1));
        var type = typeof(int);
        EventFilter.DeadLetter(type).ExpectOne(() => gone.Tell(1));
        EventFilter.DeadLetter(type, i => i is 1).ExpectOne(() => gone.Tell(1));
        EventFilter.DeadLetter<string>().Expect(0, Soon, () => gone.Tell(1));
        EventFilter.DeadLetter<int>(i => i == 2).Expect(0, Soon, () => gone.Tell(1));
        EventFilter.DeadLetter<int>("/user/other").Expect(0, Soon, () => gone.Tell(1));
    }

    [Fact]
    public void A_custom_filter_should_match_what_its_predicate_says()
    {
        EventFilter.Custom(e => e.Message.ToString() == "x").ExpectOne(() => Log.Info("x"));
        EventFilter.Custom<Warning>(e => e.Message.ToString() == "x").ExpectOne(() => Log.Warning("x"));
        EventFilter.Custom<Warning>(_ => true).Expect(0, Soon, () => Log.Info("x"));
    }

    [Fact]
    public void Expect_should_count()
    {
        EventFilter.Info("x").Expect(2, () =>
        {
            Log.Info("x");
            Log.Info("y");
            Log.Info("x");
        });
        Assert.Equal(5, EventFilter.Info("x").Expect(1, Long, () =>
        {
            Log.Info("x");
            return 5;
        }));
        Assert.Equal(6, EventFilter.Info("x").ExpectOne(() =>
        {
            Log.Info("x");
            return 6;
        }));
    }

    [Fact]
    public void Expect_should_say_how_many_of_what_it_got_in_how_long()
    {
        Of(
            () => EventFilter.Info("x", source: "/y").Expect(2, Soon, () => { }),
            "Timeout (00:00:00.04",
            "Only received 0/2 messages",
            "Info when Message == \"x\" and Source == \"/y\"");
        Of(
            () => EventFilter.Info("x").Expect(1, Soon, () =>
            {
                Log.Info("x");
                Log.Info("x");
            }),
            "Received 1 message too many",
            "Expected 1 message but received 2");
        Of(() => EventFilter.Info("x").Expect(0, Soon, () => Log.Info("x")), "Received 1 message too many", "Expected 0 messages but received 1");
    }

    [Fact]
    public async Task ExpectAsync_should_do_the_same_as_Expect()
    {
        await EventFilter.Info("x").ExpectOneAsync(LogX);
        await EventFilter.Info("x").ExpectAsync(2, async () =>
        {
            Log.Info("x");
            await Task.Yield();
            Log.Info("x");
        });
        await EventFilter.Info("x").ExpectAsync(1, Long, LogX);
        Assert.Equal(7, await EventFilter.Info("x").ExpectOneAsync(Long, () =>
        {
            Log.Info("x");
            return Task.FromResult(7);
        }));
        await Of(() => EventFilter.Info("x").ExpectAsync(2, Soon, LogX), "Only received 1/2 messages");
    }

    [Fact]
    public void Expect_should_wait_for_events_that_come_after_the_block()
    {
        var actor = ActorOf<Logging>();

        EventFilter.Warning(start: "got").Expect(100, () =>
        {
            for (var i = 0; i < 100; i++)
            {
                actor.Tell(i);
            }
        });
    }

    [Fact]
    public void And_should_count_what_either_filter_matches()
    {
        EventFilter.Info("x").And.Warning("y").Expect(2, () =>
        {
            Log.Info("x");
            Log.Warning("y");
            Log.Info("y");
        });
    }

    [Fact]
    public void A_failure_of_the_block_should_come_out_as_it_is() =>
        Assert.Throws<FormatException>(() => EventFilter.Info("x").ExpectOne(() => throw new FormatException()));

    [Fact]
    public async Task Mute_should_run_its_block_and_expect_nothing()
    {
        EventFilter.Info().Mute(() => Log.Info("x"));
        Assert.Equal(1, EventFilter.Info().Mute(() => 1));
        await EventFilter.Info().MuteAsync(LogX);
        Assert.Equal(2, await EventFilter.Info().MuteAsync(() => Task.FromResult(2)));
    }

    [Fact]
    public void A_muted_event_should_not_reach_filters_set_after_until_it_is_unmuted()
    {
        var muted = EventFilter.Info("x").Mute();
        EventFilter.Info("x").Expect(0, Soon, () => Log.Info("x"));

        muted.Unmute();
        EventFilter.Info("x").ExpectOne(() => Log.Info("x"));

        using (EventFilter.Info("x").Mute())
        {
            EventFilter.Info("x").Expect(0, Soon, () => Log.Info("x"));
        }

        EventFilter.Info("x").ExpectOne(() => Log.Info("x"));
    }

    [Fact]
    public void Filters_should_be_muted_through_the_event_stream()
    {
        var all = new DebugFilter();
        Sys.EventStream.Publish(new Mute(all));
        EventFilter.Debug("x").Expect(0, Soon, () => Log.Debug("x"));

        Sys.EventStream.Publish(new Unmute(all));
        EventFilter.Debug("x").ExpectOne(() => Log.Debug("x"));
    }

    [Fact]
    public void A_filter_should_listen_to_another_system()
    {
        using var other = new Other();
        var filter = CreateEventFilter(other.Sys);

        filter.Warning("x").ExpectOne(() => other.Sys.Log.Warning("x"));
        filter.Warning("x").Expect(0, Soon, () => Log.Warning("x"));
    }

    private sealed class Other : TestKit, INoImplicitSender
    {
    }
}
