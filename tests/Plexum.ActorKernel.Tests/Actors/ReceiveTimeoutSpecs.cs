using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>
/// The clock is turned only after a <see cref="Quiet"/> message was answered: by then the turn before it has ended
/// and has set the timeout anew.
/// </summary>
public class ReceiveTimeoutSpecs : ClockSpecs
{
    [Fact]
    public async Task I1_an_actor_that_hears_nothing_for_the_time_set_gets_a_ReceiveTimeout()
    {
        var actor = Idle();
        await Settled(actor);

        Clock.Advance(Second);

        await ExpectNotes("timeout");
    }

    [Fact]
    public async Task I2_every_message_begins_the_time_anew()
    {
        var actor = Idle();

        for (var n = 0; n < 3; n++)
        {
            await Settled(actor);
            Clock.Advance(0.6 * Second);
            actor.Tell("message", TestActor);
            await ExpectNotes("message");
        }

        await Settled(actor);
        Clock.Advance(Second);
        await ExpectNotes("timeout");
    }

    [Fact]
    public async Task I3_a_message_marked_INotInfluenceReceiveTimeout_does_not()
    {
        var actor = Idle();

        await Settled(actor);
        Clock.Advance(0.6 * Second);
        await Settled(actor);
        Clock.Advance(0.4 * Second);

        await ExpectNotes("timeout");
    }

    [Fact]
    public async Task I4_a_timeout_of_null_switches_it_off()
    {
        var actor = Idle();
        actor.Tell("off", TestActor);
        await ExpectNotes("off");
        await Settled(actor);

        Clock.Advance(10 * Second);
        actor.Tell("no timeout before this", TestActor);

        await ExpectNotes("no timeout before this");
    }

    [Fact]
    public async Task I5_it_comes_again_as_long_as_the_silence_lasts()
    {
        var actor = Idle();

        for (var n = 0; n < 3; n++)
        {
            await Settled(actor);
            Clock.Advance(Second);
            await ExpectNotes("timeout");
        }
    }

    [Fact]
    public async Task I6_it_dies_with_the_actor()
    {
        var dead = Subscribed(typeof(AllDeadLetters));
        var actor = Idle();
        await Settled(actor);

        await StopAndWait(actor);
        Clock.Advance(10 * Second);
        actor.Tell("marker", TestActor);

        Assert.Equal("marker", (await dead.ExpectMsgAsync<AllDeadLetters>()).Message);
    }

    [Fact]
    public async Task I7_a_restart_keeps_it()
    {
        var first = true;
        var actor = Start(a =>
        {
            if (first)
            {
                a.Ctx.SetReceiveTimeout(Second);
            }

            first = false;
            a.ThrowsWhatItGets();
            a.On<ReceiveTimeout>(_ => Note("timeout"));
            a.On<Quiet>(_ => a.From.Tell("settled"));
        });

        actor.Tell(new InvalidOperationException("restart"), TestActor);
        await Settled(actor);
        Clock.Advance(Second);

        await ExpectNotes("timeout");
    }

    [Fact]
    public async Task I8_a_timer_resets_it_unless_its_message_is_marked()
    {
        var actor = Sys.ActorOf(ScriptedTimer.Of(a =>
        {
            a.Ctx.SetReceiveTimeout(Second);
            a.Timers.StartSingleTimer("quiet", new Quiet("quiet timer"), 0.5 * Second);
            a.On<ReceiveTimeout>(_ => Note("timeout"));
            a.On<Quiet>(q => (q.Text is null ? a.From : TestActor).Tell(q.Text ?? "settled"));
        }));

        await Settled(actor);
        Clock.Advance(0.5 * Second);
        await ExpectNotes("quiet timer");
        await Settled(actor);
        Clock.Advance(0.5 * Second);

        await ExpectNotes("timeout");
    }

    /// <summary>An actor that notes texts and timeouts, with a receive timeout of one second set in its constructor.</summary>
    private IActorRef Idle() => Start(a =>
    {
        a.Ctx.SetReceiveTimeout(Second);
        a.On<ReceiveTimeout>(_ => Note("timeout"));
        a.On<string>(text =>
        {
            if (text == "off")
            {
                a.Ctx.SetReceiveTimeout(null);
            }

            Note(text);
        });
        a.On<Quiet>(_ => a.From.Tell("settled"));
    });

    private static async Task Settled(IActorRef actor) =>
        Assert.Equal("settled", await actor.Ask<string>(new Quiet(null), Patience));

    private sealed record Quiet(string? Text) : INotInfluenceReceiveTimeout;
}
