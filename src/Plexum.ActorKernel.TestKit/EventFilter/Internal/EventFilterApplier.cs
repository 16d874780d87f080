using Akka.Actor;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit.Internal;

/// <summary>Published on the event stream, it comes back when the listener has seen all that was logged before.</summary>
internal sealed record Flush(TaskCompletionSource Done);

/// <summary>Sets filters to work around a block and checks how often they matched.</summary>
internal sealed partial class EventFilterApplier(TestKitBase testKit, ActorSystem system, IReadOnlyList<EventFilterBase> filters)
    : IEventFilterApplier
{
    public EventFilterFactory And => new(testKit, system, filters);

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new Mute(filters));
        return new Muted(system, filters);
    }

    private T Intercept<T>(Func<T> func, TimeSpan? timeout, int? expected, CancellationToken cancellationToken) =>
        InterceptAsync(() => Task.FromResult(func()), timeout, expected, cancellationToken).GetAwaiter().GetResult();

    private async Task<T> InterceptAsync<T>(Func<Task<T>> func, TimeSpan? timeout, int? expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(func);
        var limit = timeout is { } given ? testKit.Dilated(given) : TestKitState.SettingsOf(system).TestEventFilterLeeway;
        var counter = new MatchCounter(expected ?? 0);
        EventMatched count = (_, _) => counter.Add();
        foreach (var filter in filters)
        {
            filter.EventMatched += count;
        }

        try
        {
            using var muted = Mute();
            var result = await func();
            if (expected is { } number)
            {
                await counter.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
                if (number > 0 && counter.Count >= number)
                {
                    await FlushAsync(limit, cancellationToken).ConfigureAwait(false);
                }

                Check(counter.Count, number, limit);
            }

            return result;
        }
        finally
        {
            foreach (var filter in filters)
            {
                filter.EventMatched -= count;
            }
        }
    }

    // As many events as expected came; what was logged until now may hold one too many.
    private async Task FlushAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var flush = new Flush(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        system.EventStream.Publish(flush);
        await flush.Done.Task.WaitAsync(limit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Check(int count, int expected, TimeSpan limit)
    {
        var names = string.Join(",", filters);
        if (count < expected)
        {
            testKit.Fail(
                "Timeout ({0}) while waiting for messages. Only received {1}/{2} messages that matched filter [{3}]",
                limit,
                count,
                expected,
                names);
        }

        if (count > expected)
        {
            testKit.Fail(
                "Received {0} {1} too many. Expected {2} {3} but received {4} that matched filter [{5}]",
                count - expected,
                Messages(count - expected),
                expected,
                Messages(expected),
                count,
                names);
        }
    }

    private static string Messages(int number) => number == 1 ? "message" : "messages";

    private sealed class Muted(ActorSystem system, IReadOnlyList<EventFilterBase> filters) : IUnmutableFilter
    {
        private bool _ended;

        public void Unmute()
        {
            if (!Interlocked.Exchange(ref _ended, true))
            {
                system.EventStream.Publish(new Unmute(filters));
            }
        }

        public void Dispose() => Unmute();
    }
}
