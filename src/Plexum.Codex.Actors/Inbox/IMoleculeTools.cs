namespace Plexum.Codex.Inbox;

/// <summary>
/// What the molecule platform offers a workspace, by whatever way: the four operations <c>wait_for_message</c>, <c>inbox_pop</c>,
/// <c>send_message_to_user</c> and <c>delegate_task</c>. The operations may be called side by side. They say by
/// <see cref="PlatformException"/> and its children that something did not work; nothing is ever told by a text that has to be read.
/// </summary>
public interface IMoleculeTools : IAsyncDisposable
{
    /// <summary>Waits for messages that were not handed out since this object was made.</summary>
    /// <param name="timeout">How long to wait for the first of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages in the order in which they came; none when the time was over.</returns>
    /// <exception cref="PlatformUnavailableException">The platform cannot be reached or is not well. Ask again later.</exception>
    /// <exception cref="PlatformRefusedException">The platform does not want this workspace or its token. Asking again is of no use.</exception>
    Task<IReadOnlyList<InboundMessage>> WaitForMessagesAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Says that a message needs nothing more. Doing so twice does no harm.</summary>
    /// <param name="activityId">The message's <see cref="InboundMessage.ActivityId"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PlatformException">It did not work.</exception>
    Task PopAsync(string activityId, CancellationToken cancellationToken);

    /// <summary>Shows a text to the user of a workspace's canvas.</summary>
    /// <param name="workspaceId">The workspace at which the user's message arrived.</param>
    /// <param name="text">The text.</param>
    /// <param name="messageId">The same at each attempt for one message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DeliveryRefusedException">The platform will not take this reply, however often it is sent.</exception>
    /// <exception cref="PlatformException">It did not work.</exception>
    Task SendMessageToUserAsync(string workspaceId, string text, string messageId, CancellationToken cancellationToken);

    /// <summary>Sends a text to another workspace. It is done when the platform has taken it; no answer is waited for.</summary>
    /// <param name="peerId">The workspace that gets it.</param>
    /// <param name="text">The text.</param>
    /// <param name="sourceWorkspaceId">The workspace that sends it.</param>
    /// <param name="messageId">The same at each attempt for one message; the platform takes each only once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DeliveryRefusedException">The platform will not take this reply, however often it is sent.</exception>
    /// <exception cref="PlatformException">It did not work.</exception>
    Task DelegateTaskAsync(string peerId, string text, string sourceWorkspaceId, string messageId, CancellationToken cancellationToken);
}
