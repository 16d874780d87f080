using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>Tells a client how a call goes on, where it wants to know.</summary>
internal sealed class ToolProgress
{
    private readonly Func<ProgressNotificationValue, CancellationToken, Task>? _tell;

    private ToolProgress(Func<ProgressNotificationValue, CancellationToken, Task>? tell) => _tell = tell;

    /// <summary>That of a call.</summary>
    public static ToolProgress Of(RequestContext<CallToolRequestParams> request) => request.Params?.ProgressToken is { } token
        ? new ToolProgress((value, cancellationToken) => request.Server.NotifyProgressAsync(token, value, cancellationToken: cancellationToken))
        : new ToolProgress(null);

    /// <summary>Tells of it.</summary>
    /// <param name="step">A number that grows with each; there is no telling how many there will be.</param>
    /// <param name="message">What happens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task TellAsync(long step, Func<string> message, CancellationToken cancellationToken) => _tell is null
        ? Task.CompletedTask
        : _tell(new ProgressNotificationValue { Progress = step, Message = message() }, cancellationToken);
}
