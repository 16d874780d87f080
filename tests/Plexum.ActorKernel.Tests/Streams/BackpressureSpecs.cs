using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

/// <summary>How far a source may be ahead of its sink: counted at every element, not timed.</summary>
[Collection(MemoryTests.Name)]
public sealed class BackpressureSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private const int Many = 20_000;

    private readonly ActorMaterializer _materializer = streams.Materializer;
    private long _given;
    private long _taken;
    private long _lead;

    [Fact]
    public async Task S4_Fused_stages_should_hold_no_element_back()
    {
        await Counted(Many).Select(n => n).Where(_ => true).RunForeach(Take, _materializer).Soon();

        AssertTaken(Many, lead: 1);
    }

    [Fact]
    public async Task S4_A_source_of_an_enumerable_should_walk_one_element_ahead()
    {
        IEnumerable<int> Walk()
        {
            for (var n = 0; n < Many; n++) yield return Give(n);
        }

        await Source.From(Walk()).Select(n => n).RunForeach(Take, _materializer).Soon();

        AssertTaken(Many, lead: 2);
    }

    [Fact]
    public async Task S4_A_slow_sink_should_hold_its_source_back()
    {
        await Counted(Many).RunWith(Sink.ForEachAsync<int>(1, TakeSlowly), _materializer).Soon();

        AssertTaken(Many, lead: 1);
    }

    [Fact]
    public async Task S5_A_boundary_should_hold_as_many_elements_as_the_settings_say()
    {
        await Counted(Many).Async().RunForeach(Take, _materializer).Soon();

        AssertTaken(Many, lead: 16 + 1);
    }

    [Fact]
    public async Task S5_A_boundary_should_fill_up_while_downstream_is_held()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sixteen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = Counted(100)
            .Select(n =>
            {
                // One element is with the sink and sixteen are in the buffer.
                if (n == 16) sixteen.TrySetResult();
                return n;
            })
            .Async()
            .RunWith(
                Sink.ForEachAsync<int>(1, async n =>
                {
                    entered.TrySetResult();
                    await goOn.Task;
                    Take(n);
                }),
                _materializer);

        await entered.Task.Soon();
        if (Volatile.Read(ref _given) > 16) await sixteen.Task.Soon();

        Assert.InRange(Volatile.Read(ref _given), 1, 17);
        goOn.SetResult();
        await end.Soon();
        AssertTaken(100, lead: 17);
    }

    [Fact]
    public async Task S5_The_materializers_buffer_should_count_where_it_is_smaller()
    {
        using var small = streams.System.Materializer(ActorMaterializerSettings.Create(streams.System).WithInputBuffer(2, 2));

        await Counted(Many).Async().RunForeach(Take, small).Soon();

        AssertTaken(Many, lead: 2 + 1);
    }

    [Fact]
    public async Task S6_SelectAsync_should_take_no_more_elements_than_it_may_have_tasks()
    {
        await Counted(Many)
            .SelectAsync(4, async n =>
            {
                await Task.Yield();
                return n;
            })
            .RunForeach(Take, _materializer).Soon();

        AssertTaken(Many, lead: 4 + 1);
    }

    [Fact]
    public async Task S4_A_buffer_should_hold_as_many_elements_as_it_was_made_for()
    {
        await Counted(Many).Buffer(10, OverflowStrategy.Backpressure).RunWith(Sink.ForEachAsync<int>(1, TakeSlowly), _materializer).Soon();

        AssertTaken(Many, lead: 10 + 1);
    }

    [Fact]
    public async Task S4_A_channel_should_hold_its_stream_back()
    {
        var reader = Counted(1_000).RunWith(ChannelSink.AsReader<int>(4), _materializer);

        for (var n = 0; n < 900; n++) Take(await reader.ReadAsync().AsTask().Soon());

        // Four in the channel, one that waits for room and one that was read and is not counted yet.
        AssertTaken(900, lead: 4 + 2);
    }

    [Fact]
    public async Task S7_A_million_elements_should_pass_a_slow_sink_in_constant_memory()
    {
        const int million = 1_000_000;
        var before = 0L;
        var growth = 0L;

        await Counted(million)
            .Select(_ => new byte[256])
            .Async()
            .RunWith(
                Sink.ForEachAsync<byte[]>(1, async bytes =>
                {
                    await Task.Yield();
                    Take(bytes.Length);
                    if (_taken % 250_000 != 10_000) return;
                    var memory = GC.GetTotalMemory(forceFullCollection: true);
                    growth = before == 0 ? 0 : Math.Max(growth, memory - before);
                    before = before == 0 ? memory : before;
                }),
                _materializer).WaitAsync(TimeSpan.FromMinutes(5));

        AssertTaken(million, lead: 16 + 1);
        Assert.InRange(growth, 0, 64 << 20);
    }

    private Source<int, Akka.NotUsed> Counted(int count) =>
        Source.Unfold(0, n => n < count ? (n + 1, Give(n)) : Option<(int, int)>.None);

    private int Give(int n)
    {
        _lead = Math.Max(_lead, Interlocked.Increment(ref _given) - Volatile.Read(ref _taken));
        return n;
    }

    private void Take(int n) => Interlocked.Increment(ref _taken);

    private async Task TakeSlowly(int n)
    {
        await Task.Yield();
        Take(n);
    }

    private void AssertTaken(long count, long lead)
    {
        Assert.Equal(count, _taken);
        Assert.InRange(_lead, 1, lead);
    }
}
