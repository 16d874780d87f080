using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// The platform through <c>molecule-mcp</c> over stdio. docs/molecule.md lists its limits: a reply that was being sent when a process died
/// is sent again, and the platform cannot recognize the duplicate.
/// </summary>
public sealed class McpTransport : IMoleculePlatform
{
    private const int PeerProcesses = 4;

    /// <summary>The server's own limit for a notify is 60 seconds.</summary>
    private static readonly TimeSpan UserLimit = TimeSpan.FromSeconds(90);

    /// <summary>The server tries a delegation for 600 seconds, and may then wait 300 more for durable delivery.</summary>
    private static readonly TimeSpan PeerLimit = TimeSpan.FromSeconds(960);

    private readonly ChildSlot _inbox;
    private readonly ReplyPool _users;
    private readonly ReplyPool _peers;
    private readonly InboxReader _reader;
    private int _isDisposed;

    /// <summary>Creates the transport without starting a process.</summary>
    /// <param name="program">The program.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CodexException">The program's directory cannot be used.</exception>
    public McpTransport(MoleculeMcpProgram program, TimeProvider time)
    {
        if (WritableDirectory.WhyNot(program.Directory) is { } reason)
        {
            throw new CodexException($"The directory {program.Directory}, which molecule-mcp needs, cannot be used: {reason}");
        }

        var cursor = new InboxCursor(program.Directory);
        _inbox = new ChildSlot(program, withInbox: true, time) { BeforeStart = cursor.Restore };
        _users = new ReplyPool(1, () => new ChildSlot(program, withInbox: false, time));
        _peers = new ReplyPool(PeerProcesses, () => new ChildSlot(program, withInbox: false, time));
        _reader = new InboxReader(_inbox, cursor, time);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<InboundMessage>> WaitForMessagesAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _reader.WaitAsync(timeout, cancellationToken);

    /// <inheritdoc/>
    public Task PopAsync(string activityId, CancellationToken cancellationToken) => _reader.PopAsync(activityId, cancellationToken);

    /// <inheritdoc/>
    public async Task SendMessageToUserAsync(string workspaceId, string text, string messageId, CancellationToken cancellationToken) =>
        ToolText.ExpectSent(
            await _users
                .CallAsync(
                    "send_message_to_user",
                    new Dictionary<string, object?> { ["message"] = text, ["workspace_id"] = workspaceId },
                    UserLimit,
                    cancellationToken
                )
                .ConfigureAwait(false)
        );

    /// <inheritdoc/>
    public async Task DelegateTaskAsync(
        string peerId,
        string text,
        string sourceWorkspaceId,
        string messageId,
        CancellationToken cancellationToken
    ) =>
        ToolText.ExpectDelegated(
            await _peers
                .CallAsync(
                    "delegate_task",
                    new Dictionary<string, object?>
                    {
                        ["workspace_id"] = peerId,
                        ["task"] = text,
                        ["source_workspace_id"] = sourceWorkspaceId,
                    },
                    PeerLimit,
                    cancellationToken
                )
                .ConfigureAwait(false)
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await Task.WhenAll(_inbox.DisposeAsync().AsTask(), _users.DisposeAsync().AsTask(), _peers.DisposeAsync().AsTask())
            .ConfigureAwait(false);
        _reader.Dispose();
    }
}
