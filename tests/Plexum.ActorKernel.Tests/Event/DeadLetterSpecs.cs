using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Event;

public sealed class DeadLetterSpecs : SystemTest
{
    [Fact]
    public async Task A_dead_letter_is_logged_with_message_sender_and_recipient()
    {
        var system = Start();
        var log = new Listener(system);
        system.EventStream.Subscribe<Info>(log.Ref);
        var gone = new Listener(system).Ref;
        await gone.GracefulStop(Limit);

        gone.Tell(new Letter("hello"), log.Ref);

        var line = await log.Next<Info>();
        var text = line.Message.ToString()!;
        Assert.StartsWith($"Message [Letter] from {log.Ref} to {gone} was not delivered. [1] dead letters encountered.", text, StringComparison.Ordinal);
        Assert.EndsWith("Message content: Letter { Text = hello }", text, StringComparison.Ordinal);
        Assert.Equal(gone.Path.ToString(), line.LogSource);
    }

    [Fact]
    public async Task A_message_that_is_marked_for_it_is_neither_a_dead_letter_nor_logged()
    {
        var system = Start();
        var log = new Listener(system);
        system.EventStream.Subscribe<Info>(log.Ref);
        system.EventStream.Subscribe<SuppressedDeadLetter>(log.Ref);
        var gone = new Listener(system).Ref;
        await gone.GracefulStop(Limit);

        gone.Tell(new Late());
        gone.Tell("counted");

        Assert.IsType<Late>((await log.Next<SuppressedDeadLetter>()).Message);
        Assert.Contains("[1] dead letters", (await log.Next<Info>()).Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_limit_no_dead_letter_is_logged_any_more_when_the_pause_is_infinite()
    {
        var system = Start("akka.log-dead-letters = 2\nakka.log-dead-letters-suspend-duration = infinite");
        var log = new Listener(system);
        system.EventStream.Subscribe<Info>(log.Ref);

        var first = await LoseUntilLogged(system, log);
        var second = await LoseUntilLogged(system, log);

        Assert.Contains("[1] dead letters encountered. ", first, StringComparison.Ordinal);
        Assert.Contains("[2] dead letters encountered, no more dead letters will be logged. ", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_limit_dead_letters_are_only_counted_until_the_pause_is_over()
    {
        var system = Start("akka.log-dead-letters = 2\nakka.log-dead-letters-suspend-duration = 1ms");
        var log = new Listener(system);
        system.EventStream.Subscribe<Info>(log.Ref);
        await LoseUntilLogged(system, log);
        var second = await LoseUntilLogged(system, log);
        var third = await LoseUntilLogged(system, log);

        Assert.Contains("[2] dead letters encountered, no more dead letters will be logged in next [00:00:00.0010000]. ", second, StringComparison.Ordinal);
        Assert.Contains("were not logged. The counter will be reset now", third, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unhandled_message_is_published_and_logged()
    {
        var system = Start("akka.loglevel = DEBUG\nakka.actor.debug.unhandled = on");
        var log = new Listener(system);
        system.EventStream.Subscribe<UnhandledMessage>(log.Ref);
        var deaf = system.ActorOf(Props.Create(() => new Deaf()), "deaf");

        deaf.Tell(new Letter("x"), log.Ref);

        var unhandled = await log.Next<UnhandledMessage>();
        Assert.Equal(new Letter("x"), unhandled.Message);
        Assert.Equal(log.Ref, unhandled.Sender);
        Assert.Equal(deaf, unhandled.Recipient);

        system.EventStream.Subscribe<LogEvent>(log.Ref);
        deaf.Tell(new Letter("y"), log.Ref);
        var debugged = false;
        var informed = false;
        await log.Until(m =>
        {
            debugged |= m is Debug d && d.Message.ToString() == $"Unhandled message from {log.Ref.Path} : Letter {{ Text = y }}";
            informed |= m is Info i && i.Message.ToString()!.StartsWith($"Message [Letter] from {log.Ref} to {deaf} was unhandled. [2]", StringComparison.Ordinal);
            return debugged && informed;
        });
    }

    [Fact]
    public void A_dead_letter_needs_sender_and_recipient()
    {
        var system = Start();

        Assert.Throws<ArgumentNullException>(() => new DeadLetter("x", null!, system.DeadLetters));
        Assert.Throws<ArgumentNullException>(() => new DeadLetter("x", system.DeadLetters, null!));
    }

    private static async Task<string> LoseUntilLogged(ActorSystem system, Listener log)
    {
        var line = log.Next<Info>();
        while (!line.IsCompleted)
        {
            system.DeadLetters.Tell("lost");
            await Task.Yield();
        }

        return (await line).Message.ToString()!;
    }

    private sealed record Letter(string Text);

    private sealed record Late : IDeadLetterSuppression;

    private sealed class Deaf : ReceiveActor
    {
    }
}
