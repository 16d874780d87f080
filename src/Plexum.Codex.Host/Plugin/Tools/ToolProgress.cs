using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>Reports the progress of a call to the client, if it asked for it.</summary>
internal sealed class ToolProgress
{
    private readonly Func<ProgressNotificationValue, CancellationToken, Task>? _tell;

    private ToolProgress(Func<ProgressNotificationValue, CancellationToken, Task>? tell) => _tell = tell;

    /// <summary>The progress of a call.</summary>
    public static ToolProgress Of(RequestContext<CallToolRequestParams> request) =>
        request.Params?.ProgressToken is { } token
            ? new ToolProgress(
                (value, cancellationToken) => request.Server.NotifyProgressAsync(token, value, cancellationToken: cancellationToken)
            )
            : new ToolProgress(null);

    /// <summary>Reports a step.</summary>
    /// <param name="step">A number that grows with each report; the total is unknown.</param>
    /// <param name="message">Creates the message; not called if the client did not ask for progress.</param>
    /// <param name="cancellationToken">Cancels the report.</param>
    public Task TellAsync(long step, Func<string> message, CancellationToken cancellationToken) =>
        _tell is null
            ? Task.CompletedTask
            : _tell(new ProgressNotificationValue { Progress = step, Message = message() }, cancellationToken);
}
