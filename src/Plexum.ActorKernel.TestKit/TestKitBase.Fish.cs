using System.Collections;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>
    /// Takes messages until one of the type satisfies <paramref name="isMessage"/>; the others before it are dropped.
    /// Fails after <paramref name="max"/> (dilated) or what is left of a <c>Within</c> block.
    /// </summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        Fish(isMessage, null, max, hint, cancellationToken);

    /// <summary>As the overload without <paramref name="allMessages"/>, which then holds the dropped messages, in order.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        Fish(isMessage, allMessages, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, TimeSpan?, string, CancellationToken)" />
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        Fish(isMessage, null, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, null, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, null, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, ArrayList, TimeSpan?, string, CancellationToken)" />
    public async ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(isMessage);
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        allMessages?.Clear();
        var dropped = 0;
        while (await TryReceiveOneAsync(NotNegative(end - Now), cancellationToken) is { success: true } received)
        {
            if (received.envelope.Message is T typed && isMessage(typed))
            {
                return typed;
            }

            dropped++;
            allMessages?.Add(received.envelope.Message);
        }

        return FailFish<T>(limit, hint, dropped);
    }

    /// <summary>
    /// Fails if a message of type <typeparamref name="T"/> comes within <paramref name="max"/> (dilated) or what is left
    /// of a <c>Within</c> block; takes and drops all others.
    /// </summary>
    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var others = ReceiveWhileAsync<object>(
            message =>
            {
                _assertions.AssertFalse(message is T, "did not expect a message of type {0}", typeof(T));
                return true;
            },
            max: max,
            cancellationToken: cancellationToken);

        await foreach (var _ in others)
        {
        }
    }

    /// <summary>Takes messages until none comes for <paramref name="max"/>; fails when there are more than <paramref name="maxMessages"/>.</summary>
    /// <returns>The messages, read-only.</returns>
    public async Task<ArrayList> WaitForRadioSilenceAsync(TimeSpan? max = null, uint? maxMessages = null, CancellationToken cancellationToken = default)
    {
        var messages = new ArrayList();
        while (await ReceiveOneAsync(max, cancellationToken).ConfigureAwait(false) is { } message)
        {
            messages.Add(message);
            _assertions.AssertFalse(
                messages.Count > maxMessages, "maxMessages violated (current iteration: {0}).", messages.Count);
        }

        return ArrayList.ReadOnly(messages);
    }

    private static TimeSpan NotNegative(TimeSpan duration) => duration < TimeSpan.Zero ? TimeSpan.Zero : duration;

    private T Fish<T>(Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max, string? hint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isMessage);
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        allMessages?.Clear();
        var dropped = 0;
        while (TryReceiveOne(out var envelope, NotNegative(end - Now), cancellationToken))
        {
            if (envelope.Message is T typed && isMessage(typed))
            {
                return typed;
            }

            dropped++;
            allMessages?.Add(envelope.Message);
        }

        return FailFish<T>(limit, hint, dropped);
    }

    private T FailFish<T>(TimeSpan limit, string? hint, int dropped)
    {
        Fail(
            "Timeout ({0}) during fishForMessage{1}; of type {2}, {3} other messages came",
            limit,
            string.IsNullOrEmpty(hint) ? "" : ", hint: " + hint,
            typeof(T),
            dropped);
        return default;
    }
}
