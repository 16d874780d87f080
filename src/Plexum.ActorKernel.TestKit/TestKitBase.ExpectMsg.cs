using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>
    /// Takes the next message, which must come within <paramref name="duration"/> (dilated), or else what is left of a
    /// <c>Within</c> block, or else <c>akka.test.single-expect-default</c>, and must be of type <typeparamref name="T"/>.
    /// </summary>
    /// <param name="duration">How long to wait; zero or more.</param>
    /// <param name="hint">Stands in the message of a failure.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The message.</returns>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(null, duration, hint, cancellationToken);

    /// <summary>As the overload without one, but the message must also equal <paramref name="message"/>.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Equal(message, hint), timeout, Describe(message, hint), cancellationToken);

    /// <summary>As the overload without one, but <paramref name="isMessage"/> must also be true of the message.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(True(isMessage, hint), timeout, hint, cancellationToken);

    /// <summary>As the overload without one, and <paramref name="assert"/> checks the message.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>((message, _) => assert(message), timeout, hint, cancellationToken);

    /// <summary>As the overload without one, but <paramref name="isMessageAndSender"/> must also be true.</summary>
    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(True(isMessageAndSender, hint), timeout, hint, cancellationToken);

    /// <summary>As the overload without one, and <paramref name="assertMessageAndSender"/> checks message and sender.</summary>
    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(assertMessageAndSender, timeout, hint, cancellationToken);

    /// <summary>As the overload without one, but <paramref name="comparer"/> must find the message equal to <paramref name="expected"/>.</summary>
    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Equal(expected, comparer, hint), timeout, Describe(expected, hint), cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(null, duration, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(T, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Equal(message, hint), timeout, Describe(message, hint), cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(True(isMessage, hint), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>((message, _) => assert(message), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Func{T, IActorRef, bool}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(True(isMessageAndSender, hint), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Action{T, IActorRef}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(assertMessageAndSender, timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(T, Func{T, T, bool}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Equal(expected, comparer, hint), timeout, Describe(expected, hint), cancellationToken);

    /// <summary>Takes the next message, which must be the <see cref="Terminated"/> of <paramref name="target"/>; see <c>Watch</c>.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(EndOf(target, hint), timeout, $"Terminated {target}. {hint}", cancellationToken);

    /// <inheritdoc cref="ExpectTerminated" />
    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(EndOf(target, hint), timeout, $"Terminated {target}. {hint}", cancellationToken);

    private static string Describe<T>(T expected, string? hint) => hint ?? $"that equals {{{expected}}}";

    private Action<T, IActorRef> Equal<T>(T expected, string? hint) =>
        (message, _) => _assertions.AssertEqual(expected, message, "{0}", hint);

    private Action<T, IActorRef> Equal<T>(T expected, Func<T, T, bool> comparer, string? hint) =>
        (message, _) => _assertions.AssertEqual(expected, message, comparer, "{0}", hint);

    private Action<T, IActorRef> True<T>(Predicate<T>? isMessage, string? hint) => (message, _) =>
        _assertions.AssertTrue(
            isMessage?.Invoke(message) != false,
            "Got a message of the expected type <{2}>. Also expected {0} but the message {{{1}}} of type <{3}> did not match",
            hint ?? "the predicate to return true",
            message,
            typeof(T).FullName,
            message!.GetType().FullName);

    private Action<T, IActorRef> True<T>(Func<T, IActorRef, bool> isMessageAndSender, string? hint) => (message, sender) =>
        _assertions.AssertTrue(
            isMessageAndSender(message, sender),
            "Got a message of the expected type <{2}> from {4}. Also expected {0} but the message {{{1}}} of type <{3}> did not match",
            hint ?? "the predicate to return true",
            message,
            typeof(T).FullName,
            message!.GetType().FullName,
            sender);

    private Action<Terminated, IActorRef> EndOf(IActorRef target, string? hint) => (message, _) =>
        _assertions.AssertEqual(target, message.ActorRef, "Terminated {0}. {1}", target, hint);

    private T Expect<T>(Action<T, IActorRef>? assert, TimeSpan? timeout, string? hint, CancellationToken cancellationToken)
    {
        var max = RemainingOrDilated(timeout);
        var start = Now;
        TryReceiveOne(out var envelope, max, cancellationToken);
        return Check(envelope, assert, hint, max, start);
    }

    private async ValueTask<T> ExpectAsync<T>(Action<T, IActorRef>? assert, TimeSpan? timeout, string? hint, CancellationToken cancellationToken)
    {
        var max = RemainingOrDilated(timeout);
        var start = Now;
        var (_, envelope) = await TryReceiveOneAsync(max, cancellationToken);
        return Check(envelope, assert, hint, max, start);
    }

    private T Check<T>(MessageEnvelope envelope, Action<T, IActorRef>? assert, string? hint, TimeSpan max, TimeSpan start)
    {
        if (envelope is NullMessageEnvelope)
        {
            Fail("Failed: Timeout {0} while waiting for a message of type {1} {2}", max, typeof(T), hint ?? "");
        }

        if (envelope.Message is not T message)
        {
            Fail(
                "Failed: Expected a message of type {0}, but received {{{2}}} (type {1}) instead {3} from {4} after {5}",
                typeof(T),
                envelope.Message.GetType(),
                envelope.Message,
                hint ?? "",
                envelope.Sender,
                Now - start);
            return default;
        }

        assert?.Invoke(message, envelope.Sender);
        return message;
    }
}
