using System.Runtime.CompilerServices;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Takes that many messages within what an expectation waits for one.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        TakeN(numberOfMessages, RemainingOrDefault, cancellationToken);

    /// <summary>Takes that many messages within <paramref name="max"/> (dilated).</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default)
    {
        EnsureNotNegative(max, nameof(max));
        return TakeN(numberOfMessages, Dilated(max), cancellationToken);
    }

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)" />
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        TakeNAsync(numberOfMessages, RemainingOrDefault, cancellationToken);

    /// <inheritdoc cref="ReceiveN(int, TimeSpan, CancellationToken)" />
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default)
    {
        EnsureNotNegative(max, nameof(max));
        return TakeNAsync(numberOfMessages, Dilated(max), cancellationToken);
    }

    /// <summary>
    /// Takes messages as long as <paramref name="filter"/> makes something other than null of them. The first that it
    /// refuses stays; so does the end after <paramref name="max"/> (dilated) or what is left of a <c>Within</c> block,
    /// after <paramref name="idle"/> without a message, and after <paramref name="msgs"/> messages. None of them fails.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        TakeWhile(Judge(filter), max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)" />
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        TakeWhile(Judge(filter), max, null, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)" />
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, TimeSpan? idle, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        TakeWhile(Judge(filter), max, idle, msgs, cancellationToken);

    /// <summary>
    /// As the overload with a filter, but takes messages of a type while <paramref name="shouldContinue"/> is true.
    /// Messages of other types are dropped or, without <paramref name="shouldIgnoreOtherMessageTypes"/>, end it.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        TakeWhile(Judge(shouldContinue, shouldIgnoreOtherMessageTypes), max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)" />
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Func<object, T> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        TakeWhileAsync(Judge(filter), max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)" />
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        TakeWhileAsync(Judge(filter), max, null, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Func{object, T}, TimeSpan?, TimeSpan?, int, CancellationToken)" />
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, TimeSpan? idle, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        TakeWhileAsync(Judge(filter), max, idle, msgs, cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Predicate{T}, TimeSpan?, TimeSpan?, int, bool, CancellationToken)" />
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        TakeWhileAsync(Judge(shouldContinue, shouldIgnoreOtherMessageTypes), max, idle, msgs, cancellationToken);

    private static Func<object, Verdict<T>> Judge<T>(Func<object, T> filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return message => filter(message) is { } value ? new(true, true, value) : default;
    }

    private static Func<object, Verdict<T>> Judge<T>(Predicate<T> shouldContinue, bool ignoreOthers)
    {
        ArgumentNullException.ThrowIfNull(shouldContinue);
        return message => message is not T typed ? new(ignoreOthers, false, default)
            : shouldContinue(typed) ? new(true, true, typed)
            : default;
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan? idle) =>
        idle is { } pause && pause >= TimeSpan.Zero && pause < left ? pause : left;

    private List<object> TakeN(int count, TimeSpan max, CancellationToken cancellationToken)
    {
        var start = Now;
        var taken = new List<object>(count);
        while (taken.Count < count)
        {
            if (!TryReceiveOne(out var envelope, NotNegative(start + max - Now), cancellationToken))
            {
                FailTakeN(count, max, start, taken);
            }

            taken.Add(envelope.Message);
        }

        return taken;
    }

    private async IAsyncEnumerable<object> TakeNAsync(int count, TimeSpan max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = Now;
        var taken = new List<object>(count);
        while (taken.Count < count)
        {
            var (success, envelope) = await TryReceiveOneAsync(NotNegative(start + max - Now), cancellationToken);
            if (!success)
            {
                FailTakeN(count, max, start, taken);
            }

            taken.Add(envelope.Message);
            yield return envelope.Message;
        }
    }

    private void FailTakeN(int count, TimeSpan max, TimeSpan start, List<object> taken) => Fail(
        "Timeout ({0}) while expecting {1} messages. Only got {2} after {3}. They were [{4}]",
        max,
        count,
        taken.Count,
        Now - start,
        string.Join(", ", taken));

    private List<T> TakeWhile<T>(Func<object, Verdict<T>> judge, TimeSpan? max, TimeSpan? idle, int msgs, CancellationToken cancellationToken)
    {
        var stop = Now + RemainingOrDilated(max);
        var taken = new List<T>();
        MessageEnvelope last = NullMessageEnvelope.Instance;
        while (taken.Count < msgs && stop - Now is var left && left >= TimeSpan.Zero
            && TryPeekOne(out var envelope, Shorter(left, idle), cancellationToken)
            && judge(envelope.Message) is { GoOn: true } verdict)
        {
            last = Drop(envelope);
            if (verdict.Wanted)
            {
                taken.Add(verdict.Value!);
            }
        }

        _state.LastMessage = last;
        _state.LastWasNoMsg = true;
        return taken;
    }

    private async IAsyncEnumerable<T> TakeWhileAsync<T>(Func<object, Verdict<T>> judge, TimeSpan? max, TimeSpan? idle, int msgs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stop = Now + RemainingOrDilated(max);
        var count = 0;
        MessageEnvelope last = NullMessageEnvelope.Instance;
        while (count < msgs && stop - Now is var left && left >= TimeSpan.Zero
            && await TryPeekOneAsync(Shorter(left, idle), cancellationToken) is { success: true } peeked
            && judge(peeked.envelope.Message) is { GoOn: true } verdict)
        {
            last = Drop(peeked.envelope);
            if (verdict.Wanted)
            {
                count++;
                yield return verdict.Value!;
            }
        }

        _state.LastMessage = last;
        _state.LastWasNoMsg = true;
    }

    private MessageEnvelope Drop(MessageEnvelope peeked)
    {
        if (!_state.Queue.TryTake(out var taken) || !ReferenceEquals(taken, peeked))
        {
            throw new InvalidOperationException($"Somebody else took {peeked} from the test actor meanwhile. Use one TestKit or probe from one thread at a time.");
        }

        return taken;
    }

    private readonly record struct Verdict<T>(bool GoOn, bool Wanted, T? Value);
}
