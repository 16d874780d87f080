using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class AskSpecs : ActorSpecs
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Q1_the_first_reply_completes_the_task_and_a_second_one_is_a_dead_letter()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(a => a.On<string>(text =>
        {
            a.From.Tell(text + "!");
            a.From.Tell("once more");
        }));

        Assert.Equal("hello!", await actor.Ask<string>("hello", Patience));

        Assert.Equal("once more", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task Q2_a_StatusFailure_fails_the_task_with_its_exception()
    {
        var cause = new InvalidOperationException("no");
        var actor = Start(a => a.OnAny(_ => a.From.Tell(new Status.Failure(cause))));

        Assert.Same(cause, await Record.ExceptionAsync(() => actor.Ask<string>("please", Patience)));
        Assert.Same(cause, await Record.ExceptionAsync(() => actor.Ask<int>("please", Patience)));
    }

    [Fact]
    public async Task Q3_who_asks_for_a_Status_gets_the_failure_as_an_answer()
    {
        var actor = Start(a => a.OnAny(_ => a.From.Tell(new Status.Failure(new InvalidOperationException("no")))));

        Assert.Equal("no", (await actor.Ask<Status.Failure>("please", Patience)).Cause.Message);
        Assert.IsType<Status.Failure>(await actor.Ask<object>("please", Patience));
    }

    [Fact]
    public async Task Q4_without_a_reply_in_time_the_task_fails_with_an_AskTimeoutException()
    {
        var silent = Start(a => a.OnAny(_ => { }));

        await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<string>("anyone?", Short));
    }

    [Fact]
    public async Task Q5_a_reply_after_the_timeout_is_a_dead_letter()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var late = Start(a =>
        {
            IActorRef? asker = null;
            a.On<string>(_ => asker = a.From);
            a.On<int>(_ => asker!.Tell("late"));
        });
        await Assert.ThrowsAsync<AskTimeoutException>(() => late.Ask<string>("question", Short));

        late.Tell(1, TestActor);

        Assert.Equal("late", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task Q6_a_cancelled_ask_ends_as_a_cancelled_task()
    {
        using var cancel = new CancellationTokenSource();
        var silent = Start(a => a.OnAny(_ => Note("asked")));

        var answer = silent.Ask<string>("anyone?", Patience, cancel.Token);
        await ExpectNotes("asked");
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => answer);
        Assert.True(answer.IsCanceled);
    }

    [Fact]
    public async Task Q7_a_reply_of_another_type_is_a_dead_letter_and_fails_the_task_with_an_ArgumentException_that_names_both()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(a => a.OnAny(_ => a.From.Tell(42)));

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => actor.Ask<string>("text?", Patience));

        Assert.Contains("System.Int32", failure.Message, StringComparison.Ordinal);
        Assert.Contains("System.String", failure.Message, StringComparison.Ordinal);
        Assert.Equal(42, (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task Q8_asks_that_timed_out_or_were_cancelled_leave_nothing_behind()
    {
        var silent = Start(a => a.OnAny(_ => { }));
        var askers = await AskInVain(silent, 500);
        silent.Tell("forget the last sender", TestActor);

        await AwaitAssertAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.InRange(askers.Count(asker => asker.IsAlive), 0, 5);
        }, Patience);
    }

    [Fact]
    public async Task Q9_an_ask_of_a_stopped_actor_is_a_dead_letter_and_runs_into_its_timeout()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(_ => { });
        await StopAndWait(actor);

        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask<string>("anyone?", Short));

        Assert.Equal("anyone?", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task Q10_the_ask_has_a_sender_of_its_own_that_others_can_answer_too()
    {
        var second = Start(a => a.On<IActorRef>(asker => asker.Tell("from the second")));
        var first = Start(a => a.On<string>(_ => second.Tell(a.From)));

        Assert.Equal("from the second", await first.Ask<string>("who?", Patience));
    }

    [Fact]
    public async Task Q11_ask_does_not_block_the_actor_that_asks()
    {
        using var gate = new ManualResetEventSlim();
        var slow = Start(a => a.On<string>(_ =>
        {
            gate.Wait(Patience);
            a.From.Tell("answer");
        }));
        var asking = Start(a =>
        {
            a.On<IActorRef>(target => target.Ask<string>("question", Patience).PipeTo(a.Me));
            a.On<string>(Note);
        });

        asking.Tell(slow, TestActor);
        asking.Tell("other work", TestActor);
        await ExpectNotes("other work");
        gate.Set();

        await ExpectNotes("answer");
    }

    [Fact]
    public async Task Q12_a_reply_after_the_cancellation_vanishes()
    {
        using var cancel = new CancellationTokenSource();
        var dead = Subscribed(typeof(AllDeadLetters));
        var late = Start(a =>
        {
            IActorRef? asker = null;
            a.On<string>(_ =>
            {
                asker = a.From;
                Note("asked");
            });
            a.On<int>(_ =>
            {
                asker!.Tell("late");
                Sys.DeadLetters.Tell("marker");
            });
        });
        var answer = late.Ask<string>("question", Patience, cancel.Token);
        await ExpectNotes("asked");
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => answer);

        late.Tell(1, TestActor);

        Assert.Equal("marker", (await dead.ExpectMsgAsync<AllDeadLetters>()).Message);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> AskInVain(IActorRef silent, int count)
    {
        var askers = new List<WeakReference>();
        using var cancel = new CancellationTokenSource();
        var asks = Enumerable.Range(0, count).Select(n => silent.Ask<string>(
            asker =>
            {
                askers.Add(new WeakReference(asker));
                return "anyone?";
            },
            n % 2 == 0 ? Short : Patience,
            n % 2 == 0 ? CancellationToken.None : cancel.Token)).ToList();
        await cancel.CancelAsync();
        foreach (var ask in asks)
        {
            await Record.ExceptionAsync(() => ask);
        }

        return askers;
    }
}
