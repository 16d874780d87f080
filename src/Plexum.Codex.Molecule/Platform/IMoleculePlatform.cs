namespace Plexum.Codex.Molecule.Platform;

/// <summary>
/// The molecule platform's four operations for a workspace, over either transport: <c>wait_for_message</c>, <c>inbox_pop</c>,
/// <c>send_message_to_user</c> and <c>delegate_task</c>. They may be called concurrently. Every failure is a
/// <see cref="PlatformException"/> or a subclass; no result text has to be inspected for one.
/// </summary>
public interface IMoleculePlatform : IAsyncDisposable
{
    /// <summary>Waits for messages that this object has not returned yet.</summary>
    /// <param name="timeout">How long to wait for the first message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages, oldest first; empty after the timeout.</returns>
    /// <exception cref="PlatformUnavailableException">The platform is unreachable or failing; try again later.</exception>
    /// <exception cref="PlatformRefusedException">The platform refuses this workspace or its token; do not try again.</exception>
    Task<IReadOnlyList<InboundMessage>> WaitForMessagesAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Acknowledges a message. Acknowledging twice is harmless.</summary>
    /// <param name="activityId">The message's <see cref="InboundMessage.ActivityId"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="PlatformException">The message was not acknowledged.</exception>
    Task PopAsync(string activityId, CancellationToken cancellationToken);

    /// <summary>Sends a text to the user of a workspace's canvas.</summary>
    /// <param name="workspaceId">The workspace at which the user's message arrived.</param>
    /// <param name="text">The text.</param>
    /// <param name="messageId">The reply's id, the same on every attempt.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="DeliveryRefusedException">The platform will never accept this reply.</exception>
    /// <exception cref="PlatformException">The reply was not accepted.</exception>
    Task SendMessageToUserAsync(string workspaceId, string text, string messageId, CancellationToken cancellationToken);

    /// <summary>Sends a text to another workspace. Completes when the platform has accepted it, without waiting for an answer.</summary>
    /// <param name="peerId">The receiving workspace.</param>
    /// <param name="text">The text.</param>
    /// <param name="sourceWorkspaceId">The sending workspace.</param>
    /// <param name="messageId">The reply's id, the same on every attempt; the platform drops duplicates.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="DeliveryRefusedException">The platform will never accept this reply.</exception>
    /// <exception cref="PlatformException">The reply was not accepted.</exception>
    Task DelegateTaskAsync(string peerId, string text, string sourceWorkspaceId, string messageId, CancellationToken cancellationToken);
}
