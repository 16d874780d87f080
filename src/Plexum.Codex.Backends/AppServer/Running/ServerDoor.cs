using System.Globalization;
using System.Net.Sockets;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Running;

/// <summary>
/// Connects to a server, which may be about to start: its socket appears 0.2 to 0.5 s after the process (0.169.0 and 0.171.0).
/// </summary>
/// <param name="Settings">How connections are used.</param>
/// <param name="Limit">How long the server has to start and to take the connection.</param>
/// <param name="Time">The clock.</param>
internal sealed record ServerDoor(ConnectionSettings Settings, TimeSpan Limit, TimeProvider Time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The fault that an exception means.</summary>
    public static AppServerFault FaultOf(Exception e) =>
        e is AppServerException { Fault: var fault } ? fault : new AppServerFault(AppServerFaultKind.ServerDown, e.Message);

    /// <summary>Tries until it succeeds, the server has ended, or the limit is over.</summary>
    /// <exception cref="AppServerException">The server cannot be reached.</exception>
    public Task<AppServerConnection> OpenAsync(ServerProcess server, Action<AppServerReport> report, CancellationToken cancellationToken) =>
        FileWork.Run(() => TryAsync(server, report, cancellationToken));

    private async Task<AppServerConnection> TryAsync(
        ServerProcess server,
        Action<AppServerReport> report,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(Limit, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    return await AppServerConnection
                        .OpenAsync(server.Place.Root, ServerPlace.SocketName, Settings, Time, report, both.Token)
                        .ConfigureAwait(false);
                }
                catch (AppServerException e) when (IsNotThereYet(e, server))
                {
                    await Task.Delay(pause, Time, both.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"codex app-server ({server.Process.Identity}) took no connection within {Limit.TotalSeconds:0.#} s."
            );
            throw new AppServerException(new AppServerFault(AppServerFaultKind.ServerDown, text));
        }
    }

    private static bool IsNotThereYet(AppServerException e, ServerProcess server)
    {
        var cause = e.InnerException;
        while (cause is not null and not SocketException)
        {
            cause = cause.InnerException;
        }

        return cause is SocketException && !server.Process.Exited.IsCompleted;
    }
}
