using System.Threading.Channels;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class ActorRefWithAckSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task S18_An_actor_should_get_the_first_word_then_the_elements_and_the_last_word()
    {
        var target = Target();

        Source.From([1, 2, 3]).To(SinkFor(target)).Run(_materializer);

        Assert.Equal("init", await target.Next());
        foreach (var n in (int[])[1, 2, 3])
        {
            target.Acknowledge();
            Assert.Equal(n, await target.Next());
        }

        target.Acknowledge();
        Assert.Equal("complete", await target.Next());
    }

    [Fact]
    public async Task S18_Each_acknowledgement_should_bring_one_element()
    {
        var target = Target();
        Source.From(Enumerable.Range(0, 1_000)).Async().To(SinkFor(target)).Run(_materializer);
        await target.Next();

        // An element that nobody asked for is reported as such.
        for (var n = 0; n < 1_000; n++)
        {
            target.Acknowledge();
            Assert.Equal(n, await target.Next());
        }
    }

    [Fact]
    public async Task S18_An_acknowledgement_that_finds_no_element_should_bring_the_next_one_and_no_other()
    {
        var target = Target();
        var elements = Channel.CreateUnbounded<int>();
        ChannelSource.FromReader(elements.Reader).To(SinkFor(target)).Run(_materializer);
        await target.Next();

        for (var n = 0; n < 400; n += 2)
        {
            target.Acknowledge();
            await Task.Yield();
            elements.Writer.TryWrite(n);
            elements.Writer.TryWrite(n + 1);
            Assert.Equal(n, await target.Next());
            target.Acknowledge();
            Assert.Equal(n + 1, await target.Next());
        }
    }

    [Fact]
    public async Task S18_An_actor_should_be_told_of_a_failure()
    {
        var target = Target();
        Source.Failed<int>(new InvalidOperationException("no"))
            .To(Sink.ActorRefWithAck<int>(target.Ref, "init", Ack.Instance, "complete", cause => "failed: " + cause.Message))
            .Run(_materializer);

        Assert.Equal("init", await target.Next());
        Assert.Equal("failed: no", await target.Next());
    }

    [Fact]
    public async Task S18_A_failure_should_be_told_as_a_status_where_nothing_else_is_said()
    {
        var target = Target();
        var cause = new InvalidOperationException("no");
        Source.Failed<int>(cause).To(SinkFor(target)).Run(_materializer);

        Assert.Equal("init", await target.Next());
        Assert.Same(cause, Assert.IsType<Status.Failure>(await target.Next()).Cause);
    }

    [Fact]
    public async Task S18_The_end_of_the_actor_should_cancel_the_stream()
    {
        var target = Target();
        var end = Source.Repeat(1).WatchTermination((_, task) => task).To(SinkFor(target)).Run(_materializer);
        Assert.Equal("init", await target.Next());

        streams.System.Stop(target.Ref);

        await end.Soon();
    }

    [Fact]
    public async Task S18_An_actor_that_has_ended_before_should_cancel_the_stream()
    {
        var target = Target();
        await target.Ref.GracefulStop(Waiting.Generous);

        var end = Source.Repeat(1).WatchTermination((_, task) => task).To(SinkFor(target)).Run(_materializer);

        await end.Soon();
    }

    [Fact]
    public async Task S18_A_thousand_elements_should_arrive_complete_and_in_order()
    {
        var target = Target(acknowledgesAll: true);
        Source.From(Enumerable.Range(0, 1_000)).Async().To(SinkFor(target)).Run(_materializer);

        Assert.Equal("init", await target.Next());
        for (var n = 0; n < 1_000; n++) Assert.Equal(n, await target.Next());
        Assert.Equal("complete", await target.Next());
    }

    [Fact]
    public async Task S19_Elements_that_the_actor_does_not_want_yet_should_hold_the_stream_back()
    {
        var target = Target();
        var given = 0;
        var killSwitch = Source.Repeat(1)
            .Select(n => n + Interlocked.Increment(ref given) * 0)
            .ViaMaterialized(KillSwitches.Single<int>(), Keep.Right)
            .To(SinkFor(target)).Run(_materializer);
        Assert.Equal("init", await target.Next());
        for (var n = 1; n <= 100; n++)
        {
            target.Acknowledge();
            await target.Next();

            Assert.InRange(Volatile.Read(ref given), n, n + 16 + 1);
        }

        killSwitch.Shutdown();
    }

    private static Sink<int, Akka.NotUsed> SinkFor(TargetHandle target) =>
        Sink.ActorRefWithAck<int>(target.Ref, "init", Ack.Instance, "complete");

    private TargetHandle Target(bool acknowledgesAll = false)
    {
        var received = Channel.CreateUnbounded<object>();
        return new TargetHandle(streams.System.ActorOf(Props.Create(() => new TargetActor(received.Writer, acknowledgesAll))), received.Reader);
    }

    private sealed record Ack
    {
        public static readonly Ack Instance = new();
    }

    private sealed class TargetHandle(IActorRef target, ChannelReader<object> received)
    {
        public IActorRef Ref => target;

        public void Acknowledge() => target.Tell(Ack.Instance);

        public Task<object> Next() => received.ReadAsync().AsTask().Soon();
    }

    /// <summary>Reports what it gets, and what it gets unasked; an acknowledgement that it is sent goes to the stream.</summary>
    private sealed class TargetActor : ReceiveActor
    {
        private int _asked;
        private IActorRef _stream = ActorRefs.Nobody;

        public TargetActor(ChannelWriter<object> received, bool acknowledgesAll)
        {
            Receive<Ack>(_ => Ask());
            Receive<int>(n =>
            {
                received.TryWrite(--_asked < 0 ? $"unasked: {n}" : n);
                if (acknowledgesAll) Ask();
            });
            ReceiveAny(message =>
            {
                _stream = Sender;
                received.TryWrite(message);
                if (acknowledgesAll) Ask();
            });
        }

        private void Ask()
        {
            _asked++;
            _stream.Tell(Ack.Instance);
        }
    }
}
