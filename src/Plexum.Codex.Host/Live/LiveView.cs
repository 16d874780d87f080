using System.Threading.Channels;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Logs;
using Serilog;
using Spectre.Console;

namespace Plexum.Codex.Host.Live;

/// <summary>
/// Shows in the daemon's terminal what every agent is doing. It refreshes when turns start and end, twice a second while any turn runs,
/// and not at all otherwise.
/// </summary>
internal sealed class LiveView : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<TurnNotice> _events = Channel.CreateBounded<TurnNotice>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    private readonly DaemonContext _daemon;
    private readonly IAnsiConsole _console;
    private readonly IDisposable _notices;
    private readonly Task _showing;

    private LiveView(DaemonContext daemon, IAnsiConsole console)
    {
        (_daemon, _console) = (daemon, console);
        _notices = daemon.Notifier.WatchAll(notice => _events.Writer.TryWrite(notice));
        _showing = Task.Run(ShowAsync);
    }

    /// <summary>Whether standard output is an interactive terminal with ANSI support.</summary>
    public static bool IsPossible =>
        !Console.IsOutputRedirected && Consoles.Output().Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Starts the view.</summary>
    /// <param name="daemon">The daemon.</param>
    public static LiveView Start(DaemonContext daemon) => new(daemon, Consoles.Output());

    public async ValueTask DisposeAsync()
    {
        _notices.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _showing.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ShowAsync()
    {
        try
        {
            await _console.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(FollowAsync).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The daemon is stopping.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A failed view must not stop the daemon.
            Log.Warning(e, "serve: the live view failed");
        }
    }

    private async Task FollowAsync(LiveDisplayContext display)
    {
        var agents = new LiveAgents(_daemon);
        while (true)
        {
            while (_events.Reader.TryRead(out var value))
            {
                agents.Note(value);
            }

            var picture = await agents.LookAsync().WaitAsync(_stopping.Token).ConfigureAwait(false);
            display.UpdateTarget(LiveTable.Draw(picture, _daemon.Time.GetUtcNow(), _console.Profile.Width, _console.Profile.Height));
            await Task.Delay(Pause, _daemon.Time, _stopping.Token).ConfigureAwait(false);
            if (picture.Rows.All(row => row.IsIdle))
            {
                await _events.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
    }
}
