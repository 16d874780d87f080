using Akka.Actor;
using Akka.Pattern;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class AbruptTerminationSpecs : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("abrupt", StreamSystem.Quiet);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task S20_Shutting_a_materializer_down_should_abort_its_streams()
    {
        var materializer = _system.Materializer(ActorMaterializerSettings.Create(_system).WithInputBuffer(1, 1));
        var (watch, elements) = Source.Never<int>().WatchTermination((_, task) => task).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(materializer);
        var behindBoundary = Source.Never<int>().Async().RunWith(Sink.Seq<int>(), materializer);

        materializer.Shutdown();

        await Assert.ThrowsAsync<AbruptStageTerminationException>(() => elements.Soon());
        await Assert.ThrowsAsync<AbruptStageTerminationException>(() => watch.Soon());
        await Assert.ThrowsAsync<AbruptTerminationException>(() => behindBoundary.Soon());
    }

    [Fact]
    public void S20_A_materializer_that_was_shut_down_should_run_nothing()
    {
        var materializer = _system.Materializer(ActorMaterializerSettings.Create(_system).WithInputBuffer(1, 1));

        materializer.Shutdown();

        Assert.True(materializer.IsShutdown);
        Assert.Throws<IllegalStateException>(() => { Source.Empty<int>().To(Sink.Ignore<int>()).Run(materializer); });
    }

    [Fact]
    public async Task S20_Terminating_the_system_should_abort_its_streams()
    {
        var elements = Source.Never<int>().RunWith(Sink.Seq<int>(), _system);
        var moving = Source.Repeat(1).WatchTermination((_, task) => task).To(Sink.Ignore<int>()).Run(_system.Materializer());

        await _system.Terminate().Soon();

        await Assert.ThrowsAsync<AbruptStageTerminationException>(() => elements.Soon());
        await Assert.ThrowsAsync<AbruptStageTerminationException>(() => moving.Soon());
    }

    [Fact]
    public async Task S20_The_end_of_an_actor_should_abort_the_streams_of_its_materializer_and_no_others()
    {
        var others = Source.Never<int>().ViaMaterialized(KillSwitches.Single<int>(), Keep.Right).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(_system);
        var owner = _system.ActorOf(Props.Create(() => new StreamingActor()));
        var elements = await owner.Ask<Task<System.Collections.Immutable.IImmutableList<int>>>("start", Waiting.Generous);

        _system.Stop(owner);

        await Assert.ThrowsAsync<AbruptStageTerminationException>(() => elements.Soon());
        others.Item1.Shutdown();
        Assert.Empty(await others.Item2.Soon());
    }

    [Fact]
    public async Task S20_An_actor_should_see_its_streams_aborted_when_it_restarts()
    {
        var owner = _system.ActorOf(Props.Create(() => new StreamingActor()));
        var elements = await owner.Ask<Task<System.Collections.Immutable.IImmutableList<int>>>("start", Waiting.Generous);

        owner.Tell("fail");

        await Assert.ThrowsAsync<AbruptStageTerminationException>(() => elements.Soon());
    }

    [Fact]
    public void A_materializer_should_be_made_of_a_system_or_a_context_only()
    {
        Assert.Throws<ArgumentNullException>(() => ActorMaterializer.Create(null!));
    }

    private sealed class StreamingActor : ReceiveActor
    {
        public StreamingActor()
        {
            var materializer = Context.Materializer();
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("fail"));
            Receive<string>(_ => Sender.Tell(Source.Never<int>().RunWith(Sink.Seq<int>(), materializer)));
        }
    }
}
