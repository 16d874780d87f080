using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Logs;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Terminals;
using Serilog;
using Serilog.Events;
using Spectre.Console;

namespace Plexum.Codex.Host.Live;

/// <summary>
/// Shows in the daemon's terminal what every agent is doing. It looks when turns start and end, when the terminal changes, twice a second
/// while any turn runs, and hardly ever otherwise; it draws only what has changed.
/// </summary>
internal sealed class LiveView : IAsyncDisposable
{
    private const int StopSignal = 19;

    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(500);

    // What agents without work show changes by the minute.
    private static readonly TimeSpan IdlePause = TimeSpan.FromSeconds(15);

    // Many turns may start or end at once.
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<TurnNotice> _events = Channel.CreateBounded<TurnNotice>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private readonly ConcurrentQueue<string> _messages = [];
    private readonly DaemonContext _daemon;
    private readonly FullScreen _screen;
    private readonly LiveAgents _agents;
    private readonly IDisposable _notices;
    private readonly PosixSignalRegistration[] _signals;
    private readonly Task _showing;
    private LivePicture _picture = LivePicture.Empty;
    private bool _isBlind;

    private LiveView(DaemonContext daemon, IAnsiConsole console)
    {
        (_daemon, _agents) = (daemon, new LiveAgents(daemon));
        _screen = new FullScreen(Console.Out, console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors);
        _notices = daemon.Notifier.WatchAll(notice =>
        {
            _events.Writer.TryWrite(notice);
            Wake();
        });
        _signals = OperatingSystem.IsWindows()
            ? []
            :
            [
                PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Redraw()),
                PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Redraw()),
                PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Suspend),
            ];
        AppDomain.CurrentDomain.UnhandledException += OnEnd;
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        _showing = Task.Run(ShowAsync);
    }

    /// <summary>Whether standard output is an interactive terminal with ANSI support.</summary>
    public static bool IsPossible =>
        !Console.IsOutputRedirected && Consoles.Output().Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Starts the view.</summary>
    /// <param name="daemon">The daemon.</param>
    public static LiveView Start(DaemonContext daemon) => new(daemon, Consoles.Output());

    /// <summary>Shows a message in the view, and writes it to standard error at the end: until then, the terminal is the view's.</summary>
    public void Tell(string message)
    {
        if (_stopping.IsCancellationRequested)
        {
            StderrMessages.Write(message);
            return;
        }

        _messages.Enqueue(message);
        Wake();
    }

    /// <summary>Ends the view and gives the terminal back as it was.</summary>
    public async ValueTask DisposeAsync()
    {
        _notices.Dispose();
        Array.ForEach(_signals, signal => signal.Dispose());
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _showing.ConfigureAwait(false);
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        _stopping.Dispose();
        foreach (var message in _messages)
        {
            StderrMessages.Write(message);
        }
    }

    private async Task ShowAsync()
    {
        try
        {
            await FollowAsync().ConfigureAwait(false);
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
        finally
        {
            Close();
        }
    }

    private async Task FollowAsync()
    {
        var woken = WakeAsync();
        while (true)
        {
            await LookAsync(TerminalSize.Current).ConfigureAwait(false);
            var picture = _picture with { Message = _messages.LastOrDefault() };

            // After Ctrl-Z and "bg" it is the shell's, and nothing tells when it is ours again.
            var isOurs = ControllingTerminal.IsOurs;
            if (isOurs)
            {
                _screen.Show(LiveScreen.Draw(picture, TerminalSize.Current, _daemon.Time.GetUtcNow()));
            }

            await Task.Delay(MinPause, _daemon.Time, _stopping.Token).ConfigureAwait(false);
            var pause = picture.IsBusy || _isBlind || !isOurs ? BusyPause - MinPause : IdlePause;
            await Task.WhenAny(woken, Task.Delay(pause, _daemon.Time, _stopping.Token)).ConfigureAwait(false);
            _stopping.Token.ThrowIfCancellationRequested();
            woken = woken.IsCompleted ? WakeAsync() : woken;
        }
    }

    // While the actors or the ledger do not answer, the view stays as it was; the daemon's log and its health tell of them.
    private async Task LookAsync(TerminalSize size)
    {
        try
        {
            while (_events.Reader.TryRead(out var value))
            {
                _agents.Note(value);
            }

            _picture = await _agents.LookAsync(LiveScreen.RoomOf(size)).WaitAsync(_stopping.Token).ConfigureAwait(false);
            _isBlind = false;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            Log.Write(_isBlind ? LogEventLevel.Debug : LogEventLevel.Warning, e, "serve: the live view could not be brought up to date");
            _isBlind = true;
        }
    }

    private Task<bool> WakeAsync() => _wakes.Reader.ReadAsync(_stopping.Token).AsTask();

    private void Wake() => _wakes.Writer.TryWrite(true);

    private void OnEnd(object? sender, EventArgs e) => Close();

    private void Close() => StderrMessages.Try(_screen.Close);

    private void Redraw()
    {
        _screen.Forget();
        Wake();
    }

    // Whoever gets the terminal next gets it as it was. The runtime does not stop the process for a signal that has a handler.
    private void Suspend(PosixSignalContext context)
    {
        context.Cancel = true;
        StderrMessages.Try(() => _screen.Leave(() => _ = Libc.Kill(Environment.ProcessId, StopSignal)));
    }
}
