using System.Runtime.CompilerServices;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Expects silence for what is left of a <c>Within</c> block or else <c>akka.test.single-expect-default</c>.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => Silence(RemainingOrDefault, cancellationToken);

    /// <summary>Expects silence for <paramref name="duration"/> (dilated); zero looks once.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Silence(Dilated(duration), cancellationToken);

    /// <summary>Expects silence for that many milliseconds, not dilated.</summary>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        Silence(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(CancellationToken)" />
    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        SilenceAsync(RemainingOrDefault, cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan, CancellationToken)" />
    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        SilenceAsync(Dilated(duration), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(int, CancellationToken)" />
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        SilenceAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Takes the next message, which must equal one of <paramref name="messages"/>.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var max = RemainingOrDefault;
        return OneOf(messages, ReceiveOne(max, cancellationToken), max);
    }

    /// <inheritdoc cref="ExpectMsgAnyOf" />
    public async ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var max = RemainingOrDefault;
        return OneOf(messages, await ReceiveOneAsync(max, cancellationToken).ConfigureAwait(false), max);
    }

    /// <summary>Takes as many messages as given, which must be those, in any order.</summary>
    /// <returns>The messages in the order in which they came.</returns>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        AllOf(RemainingOrDefault, messages, default);

    /// <summary>Takes as many messages as given within <paramref name="max"/> (dilated), which must be those, in any order.</summary>
    /// <returns>The messages in the order in which they came.</returns>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        ExpectMsgAllOf(max, messages, default(CancellationToken));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])" />
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(RemainingOrDefault, messages, cancellationToken);

    /// <inheritdoc cref="ExpectMsgAllOf{T}(TimeSpan, T[])" />
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default)
    {
        EnsureNotNegative(max, nameof(max));
        return AllOf(Dilated(max), messages, cancellationToken);
    }

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])" />
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOfAsync(RemainingOrDefault, messages, cancellationToken);

    /// <inheritdoc cref="ExpectMsgAllOf{T}(TimeSpan, T[])" />
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default)
    {
        EnsureNotNegative(max, nameof(max));
        return AllOfAsync(Dilated(max), messages, cancellationToken);
    }

    private void Silence(TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = Now;
        if (TryReceiveOne(out var envelope, duration, cancellationToken))
        {
            FailSilence(duration, envelope, start);
        }
    }

    private async ValueTask SilenceAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = Now;
        var (success, envelope) = await TryReceiveOneAsync(duration, cancellationToken).ConfigureAwait(false);
        if (success)
        {
            FailSilence(duration, envelope, start);
        }
    }

    private void FailSilence(TimeSpan duration, MessageEnvelope envelope, TimeSpan start) => Fail(
        "Failed: Expected no messages during {0}, instead we received {1} after {2}", duration, envelope, Now - start);

    private T OneOf<T>(IEnumerable<T> messages, object? message, TimeSpan max)
    {
        var expected = messages.ToList();
        if (message is null)
        {
            Fail("Timeout {0} during waiting for ExpectMsgAnyOf waiting for ({1})", max, string.Join(",", expected));
        }

        if (message is not T typed || !expected.Contains(typed))
        {
            Fail("ExpectMsgAnyOf found unexpected {0}, waiting for ({1})", message, string.Join(",", expected));
            return default;
        }

        return typed;
    }

    private List<T> AllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken)
    {
        var start = Now;
        var matching = new Matching<T>(messages);
        foreach (var message in TakeN(messages.Count, max, cancellationToken))
        {
            matching.Add(message);
        }

        CheckAllOf(matching, messages.Count, max, start);
        return matching.Typed;
    }

    private async IAsyncEnumerable<T> AllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = Now;
        var matching = new Matching<T>(messages);
        await foreach (var message in TakeNAsync(messages.Count, max, cancellationToken))
        {
            if (matching.Add(message))
            {
                yield return (T)message;
            }
        }

        CheckAllOf(matching, messages.Count, max, start);
    }

    private void CheckAllOf<T>(Matching<T> matching, int count, TimeSpan max, TimeSpan start)
    {
        if (matching.Missing.Count > 0 || matching.Unexpected.Count > 0)
        {
            Fail(
                "not found [{0}] found unexpected [{1}]. Expected {2} messages during {3}. Failed after {4}.",
                string.Join(", ", matching.Missing),
                string.Join(", ", matching.Unexpected),
                count,
                max,
                Now - start);
        }
    }

    /// <summary>Strikes what came off the list of what is expected.</summary>
    private sealed class Matching<T>(IEnumerable<T> expected)
    {
        internal List<T> Missing { get; } = [.. expected];

        internal List<object> Unexpected { get; } = [];

        internal List<T> Typed { get; } = [];

        internal bool Add(object message)
        {
            if (message is T typed)
            {
                Typed.Add(typed);
                if (Missing.Remove(typed))
                {
                    return true;
                }
            }

            Unexpected.Add(message);
            return message is T;
        }
    }
}
