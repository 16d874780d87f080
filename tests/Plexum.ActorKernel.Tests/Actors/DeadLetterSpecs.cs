using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class DeadLetterSpecs : ActorSpecs
{
    [Fact]
    public async Task D1_a_message_to_a_stopped_actor_is_published_as_a_DeadLetter_with_sender_and_recipient()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(_ => { });
        await StopAndWait(actor);

        actor.Tell("too late", TestActor);

        var letter = await dead.ExpectMsgAsync<DeadLetter>();
        Assert.Equal("too late", letter.Message);
        Assert.Equal(TestActor, letter.Sender);
        Assert.Equal(actor, letter.Recipient);
    }

    [Fact]
    public async Task D2_a_dead_letter_from_nobody_has_the_dead_letters_as_its_sender()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(_ => { });
        await StopAndWait(actor);

        actor.Tell("too late", ActorRefs.NoSender);

        Assert.Equal(Sys.DeadLetters, (await dead.ExpectMsgAsync<DeadLetter>()).Sender);
    }

    [Fact]
    public async Task D3_a_message_marked_IDeadLetterSuppression_is_published_as_a_SuppressedDeadLetter()
    {
        var suppressed = Subscribed(typeof(SuppressedDeadLetter));
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(_ => { });
        await StopAndWait(actor);

        var message = new Unimportant();
        actor.Tell(message, TestActor);
        actor.Tell("important", TestActor);

        var letter = await suppressed.ExpectMsgAsync<SuppressedDeadLetter>();
        Assert.Same(message, letter.Message);
        Assert.Equal(TestActor, letter.Sender);
        Assert.Equal("important", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task D4_who_subscribes_to_AllDeadLetters_gets_both_kinds_and_the_unhandled_messages()
    {
        var all = Subscribed(typeof(AllDeadLetters));
        var actor = Start(_ => { });

        actor.Tell("unhandled", TestActor);
        Assert.IsType<UnhandledMessage>(await all.ExpectMsgAsync<AllDeadLetters>());
        await StopAndWait(actor);
        actor.Tell(new Unimportant(), TestActor);
        actor.Tell("important", TestActor);

        Assert.IsType<SuppressedDeadLetter>(await all.ExpectMsgAsync<AllDeadLetters>());
        Assert.IsType<DeadLetter>(await all.ExpectMsgAsync<AllDeadLetters>());
    }

    [Fact]
    public async Task D5_what_is_told_to_the_dead_letters_themselves_is_published_too()
    {
        var dead = Subscribed(typeof(DeadLetter));

        Sys.DeadLetters.Tell("lost", TestActor);

        var letter = await dead.ExpectMsgAsync<DeadLetter>();
        Assert.Equal("lost", letter.Message);
        Assert.Equal(TestActor, letter.Sender);
    }

    [Fact]
    public async Task D6_what_is_told_to_nobody_is_dropped()
    {
        var all = Subscribed(typeof(AllDeadLetters));

        IActorRef nobody = ActorRefs.Nobody;
        nobody.Tell("dropped", TestActor);
        Sys.DeadLetters.Tell("marker", TestActor);

        Assert.Equal("marker", (await all.ExpectMsgAsync<AllDeadLetters>()).Message);
    }

    [Fact]
    public async Task D7_a_PoisonPill_to_a_stopped_actor_is_suppressed()
    {
        var suppressed = Subscribed(typeof(SuppressedDeadLetter));
        var actor = Start(_ => { });
        await StopAndWait(actor);

        actor.Tell(PoisonPill.Instance, TestActor);

        Assert.Same(PoisonPill.Instance, (await suppressed.ExpectMsgAsync<SuppressedDeadLetter>()).Message);
    }

    [Fact]
    public async Task D8_an_unhandled_message_is_no_dead_letter()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var unhandled = Subscribed(typeof(UnhandledMessage));
        var actor = Start(a => a.On<int>(_ => { }));

        actor.Tell("unhandled", TestActor);
        Assert.Equal("unhandled", (await unhandled.ExpectMsgAsync<UnhandledMessage>()).Message);
        Sys.DeadLetters.Tell("marker", TestActor);

        Assert.Equal("marker", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task D9_a_dead_letter_that_is_sent_to_a_stopped_subscriber_is_dropped()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var subscriber = Start(a => a.On<string>(_ =>
        {
            a.Me.Tell("left over");
            a.Ctx.Stop(a.Me);
        }));
        Sys.EventStream.Subscribe(subscriber, typeof(DeadLetter));

        subscriber.Tell("stop", TestActor);
        Assert.Equal("left over", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
        subscriber.Tell("marker", TestActor);

        Assert.Equal("marker", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    private sealed class Unimportant : IDeadLetterSuppression;
}
