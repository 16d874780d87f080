using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>As <see cref="ExpectMsg{T}(TimeSpan?, string, CancellationToken)"/>, but the message must also come from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From<T>(sender, null, hint), duration, hint, cancellationToken);

    /// <summary>As <see cref="ExpectMsg{T}(T, TimeSpan?, string, CancellationToken)"/>, but the message must also come from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From(sender, Equal(message, hint), hint), timeout, Describe(message, hint), cancellationToken);

    /// <summary>As <see cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>, but the message must also come from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From(sender, True(isMessage, hint), hint), timeout, hint, cancellationToken);

    /// <summary>As <see cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>, but the message must also come from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From<T>(sender, (message, _) => assertMessage(message), hint), timeout, hint, cancellationToken);

    /// <summary>As <see cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>, and <paramref name="assertSender"/> checks the sender first.</summary>
    public T ExpectMsgFrom<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From(assertSender, assertMessage), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From<T>(sender, null, hint), duration, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, T, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From(sender, Equal(message, hint), hint), timeout, Describe(message, hint), cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Predicate{T}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From(sender, True(isMessage, hint), hint), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Action{T}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From<T>(sender, (message, _) => assertMessage(message), hint), timeout, hint, cancellationToken);

    /// <inheritdoc cref="ExpectMsgFrom{T}(Action{IActorRef}, Action{T}, TimeSpan?, string, CancellationToken)" />
    public ValueTask<T> ExpectMsgFromAsync<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(From(assertSender, assertMessage), timeout, hint, cancellationToken);

    private static Action<T, IActorRef> From<T>(Action<IActorRef>? assertSender, Action<T>? assertMessage) => (message, sender) =>
    {
        assertSender?.Invoke(sender);
        assertMessage?.Invoke(message);
    };

    private Action<T, IActorRef> From<T>(IActorRef expected, Action<T, IActorRef>? assert, string? hint) => (message, sender) =>
    {
        _assertions.AssertEqual(
            expected, sender, "Sender does not match. Got a message from sender {0}. But expected {1} {2}", sender, expected, hint);
        assert?.Invoke(message, sender);
    };
}
