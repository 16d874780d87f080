using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class PipeToSpecs : ActorSpecs
{
    [Fact]
    public async Task P1_PipeTo_tells_the_result_to_the_recipient_from_nobody_unless_a_sender_is_given()
    {
        await Task.FromResult("result").PipeTo(TestActor);
        await ExpectMsgAsync("result");
        Assert.True(LastSender is null || LastSender.Equals(Sys.DeadLetters));

        var sender = CreateTestProbe().Ref;
        await Task.FromResult("result").PipeTo(TestActor, sender);
        await ExpectMsgAsync("result");
        Assert.Equal(sender, LastSender);
    }

    [Fact]
    public async Task P2_a_failed_task_arrives_as_a_StatusFailure_with_the_exception_itself()
    {
        var failure = new InvalidOperationException("failed");

        await Task.FromException<string>(failure).PipeTo(TestActor);

        Assert.Same(failure, (await ExpectMsgAsync<Status.Failure>()).Cause);
    }

    [Fact]
    public async Task P3_a_cancelled_task_arrives_as_a_StatusFailure_with_a_TaskCanceledException()
    {
        await Task.FromCanceled<string>(new CancellationToken(canceled: true)).PipeTo(TestActor);

        Assert.IsType<TaskCanceledException>((await ExpectMsgAsync<Status.Failure>()).Cause);
    }

    [Fact]
    public async Task P4_success_and_failure_say_what_is_told_instead()
    {
        await Task.FromResult(20).PipeTo(TestActor, success: n => $"got {n}", failure: e => e.Message);
        await Task.FromException<int>(new InvalidOperationException("broken"))
            .PipeTo(TestActor, success: n => $"got {n}", failure: e => $"lost: {e.Message}");

        await ExpectNotes("got 20", "lost: broken");
    }

    [Fact]
    public async Task P5_a_task_without_a_result_tells_nothing_on_success_unless_it_is_given_a_message()
    {
        await Task.CompletedTask.PipeTo(TestActor);
        await Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        await Task.FromException(new InvalidOperationException("broken")).PipeTo(TestActor);

        await ExpectNotes("done");
        Assert.Equal("broken", (await ExpectMsgAsync<Status.Failure>()).Cause.Message);
    }

    [Fact]
    public async Task P6_an_exception_in_success_arrives_like_a_failure_of_the_task()
    {
        await Task.FromResult(1).PipeTo(TestActor, success: _ => throw new InvalidOperationException("in success"));

        Assert.Equal("in success", (await ExpectMsgAsync<Status.Failure>()).Cause.Message);
    }

    [Fact]
    public async Task P7_what_is_piped_to_an_actor_is_handled_in_its_turn_after_the_messages_before_it()
    {
        var result = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Start(a =>
        {
            a.On<Task<string>>(task => task.PipeTo(a.Me, a.Me));
            a.On<string>(text => Note($"{text} from {(a.From.Equals(a.Me) ? "itself" : "outside")}"));
        });

        actor.Tell(result.Task, TestActor);
        actor.Tell("meanwhile", TestActor);
        await ExpectNotes("meanwhile from outside");
        result.SetResult("result");

        await ExpectNotes("result from itself");
    }

    [Fact]
    public async Task P8_Forward_keeps_the_sender()
    {
        var last = Start(a => a.On<string>(text => a.From.Tell("answer to " + text)));
        var middle = Start(a => a.OnAny(message => last.Forward(message)));

        middle.Tell("question", TestActor);

        await ExpectMsgAsync("answer to question");
        Assert.Equal(last, LastSender);
    }
}
