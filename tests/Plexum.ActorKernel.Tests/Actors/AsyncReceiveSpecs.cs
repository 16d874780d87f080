using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class AsyncReceiveSpecs : ActorSpecs
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A1_while_a_handler_awaits_the_next_messages_wait_in_order()
    {
        var actor = Start(a =>
        {
            a.OnAsync<int>(async n =>
            {
                Note($"begin {n}");
                await _gate.Task;
                Note($"end {n}");
            });
            a.On<string>(Note);
        });

        actor.Tell(1, TestActor);
        actor.Tell("after one", TestActor);
        actor.Tell(2, TestActor);
        actor.Tell("after two", TestActor);
        await ExpectNotes("begin 1");
        _gate.SetResult();

        await ExpectNotes("end 1", "after one", "begin 2", "end 2", "after two");
    }

    [Fact]
    public async Task A2_Self_Sender_and_Context_are_the_same_after_an_await()
    {
        var actor = Start(a => a.OnAsync<string>(async _ =>
        {
            var before = (a.Me, a.From, a.Ctx);
            await _gate.Task;
            Note(before.Equals((a.Me, a.From, a.Ctx)) ? "same" : "changed");
            a.From.Tell("reply");
        }));

        actor.Tell("go", TestActor);
        actor.Tell("go", ActorRefs.NoSender);
        _gate.SetResult();

        await ExpectNotes("same", "reply", "same");
    }

    [Fact]
    public async Task A3_what_follows_an_await_runs_in_the_actors_turn()
    {
        var actor = Start(a =>
        {
            var inside = 0;
            var sum = 0;
            a.OnAsync<int>(async n =>
            {
                for (var step = 0; step < 20; step++)
                {
                    Assert.Equal(1, ++inside);
                    sum += n;
                    inside--;
                    await Task.Yield();
                }
            });
            a.On<string>(_ => a.From.Tell(sum));
        });

        for (var n = 0; n < 100; n++)
        {
            actor.Tell(1, TestActor);
        }

        actor.Tell("sum", TestActor);
        await ExpectMsgAsync(2_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A4_an_exception_in_an_async_handler_reaches_the_supervisor_as_it_is(bool afterAwait)
    {
        var failure = new InvalidOperationException("in the handler");
        _gate.SetResult();
        var actor = StartFamily(
            new OneForOneStrategy(e =>
            {
                Note(ReferenceEquals(e, failure) ? "the same exception" : e.ToString());
                return Directive.Restart;
            }),
            child =>
            {
                child.Restarting = (_, message) => Note($"restarting for {message}");
                child.OnAsync<int>(async _ =>
                {
                    if (afterAwait)
                    {
                        await Task.Yield();
                        await _gate.Task;
                    }

                    throw failure;
                });
                child.On<string>(Note);
            });

        actor.Tell(7, TestActor);
        actor.Tell("next", TestActor);

        await ExpectNotes("the same exception", "restarting for 7", "next");
    }

    [Fact]
    public async Task A5_a_cancelled_handler_fails_with_a_TaskCanceledException()
    {
        var actor = StartFamily(
            new OneForOneStrategy(e =>
            {
                Note(e);
                return Directive.Resume;
            }),
            child => child.OnAsync<string>(_ => Task.FromCanceled(new CancellationToken(canceled: true))));

        actor.Tell("go", TestActor);

        await ExpectMsgAsync<TaskCanceledException>();
    }

    [Fact]
    public async Task A6_a_stop_does_not_wait_for_a_handler_that_awaits()
    {
        var actor = Start(a =>
        {
            a.Stopping = () => Note("stopped");
            a.OnAsync<string>(async text =>
            {
                Note(text);
                await _gate.Task;
            });
        });

        actor.Tell("awaiting", TestActor);
        await ExpectNotes("awaiting");
        await StopAndWait(actor);

        await ExpectNotes("stopped");
    }

    [Fact]
    public async Task A7_a_PoisonPill_waits_for_the_handler_like_any_message()
    {
        var actor = Start(a =>
        {
            a.Stopping = () => Note("stopped");
            a.OnAsync<string>(async text =>
            {
                await _gate.Task;
                Note(text);
            });
        });

        actor.Tell("handled", TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);
        _gate.SetResult();

        await ExpectNotes("handled", "stopped");
    }

    [Fact]
    public async Task A8_a_supervisor_that_awaits_decides_for_its_children_when_its_handler_has_ended()
    {
        var actor = Start(p =>
        {
            p.Strategy = new OneForOneStrategy(_ =>
            {
                Note("decided");
                return Directive.Restart;
            });
            var child = p.Ctx.ActorOf(Scripted.Of(c =>
            {
                c.Restarted = _ => Note("restarted");
                c.On<Exception>(failure =>
                {
                    Note("child fails");
                    throw failure;
                });
            }));
            p.OnAsync<Exception>(async failure =>
            {
                child.Tell(failure);
                await _gate.Task;
                Note("handler ends");
            });
        });

        actor.Tell(new InvalidOperationException("child"), TestActor);
        await ExpectNotes("child fails");
        _gate.SetResult();

        await ExpectNotes("handler ends", "decided", "restarted");
    }

    [Fact]
    public async Task A9_outside_its_turn_an_actor_has_no_context_no_Self_and_no_Sender()
    {
        var actor = Start(a => a.OnAnyAsync(async _ =>
        {
            Note(await OutsideAllActors(() => Record.Exception(() => a.Ctx.ToString())));
            Note(await OutsideAllActors(() => Record.Exception(() => a.Me.ToString())));
            Note(await OutsideAllActors(() => Record.Exception(() => a.From.ToString())));
            Note(Record.Exception(() => a.Ctx.ToString()) is null ? "back in the turn" : "lost");
        }));

        actor.Tell("go", TestActor);

        await Take<NotSupportedException>(3);
        await ExpectNotes("back in the turn");
    }

    [Fact]
    public async Task A10_Become_after_an_await_counts_for_the_next_message()
    {
        var actor = Start(a => a.OnAsync<string>(async text =>
        {
            await _gate.Task;
            a.Turn(() => a.On<string>(later => Note("new " + later)));
            Note("old " + text);
        }));

        actor.Tell("one", TestActor);
        actor.Tell("two", TestActor);
        _gate.SetResult();

        await ExpectNotes("old one", "new two");
    }

    [Fact]
    public async Task A11_an_UntypedActor_awaits_by_RunTask()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Untyped(_gate.Task, TestActor)));

        actor.Tell("one", TestActor);
        actor.Tell("two", TestActor);
        await ExpectNotes("begin one");
        _gate.SetResult();

        await ExpectNotes("end one", "begin two", "end two");
    }

    private sealed class Untyped(Task gate, IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message) => RunTask(async () =>
        {
            report.Tell($"begin {message}");
            await gate;
            report.Tell($"end {message}");
        });
    }
}
