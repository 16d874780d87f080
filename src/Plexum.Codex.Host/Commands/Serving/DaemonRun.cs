using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Host.Installation;
using Plexum.Codex.Host.Live;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Host.Rendering;
using Serilog;
using Serilog.Events;

namespace Plexum.Codex.Host.Commands.Serving;

/// <summary>Runs a daemon in this process until a signal stops it, or the platform refuses the workspace that it was started for.</summary>
internal static class DaemonRun
{
    /// <param name="command">The command's name.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="listen">The TCP address to listen on besides the socket; null for none.</param>
    /// <param name="drain">Whether to wait for running turns before stopping.</param>
    /// <param name="molecule">The workspace to answer; null for none.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string command, ProgramSettings settings, string? listen, bool drain, MoleculeStart? molecule)
    {
        var address = listen is null ? null : LoopbackAddress.Parse(listen);
        settings = molecule?.Settings ?? settings;
        settings.Profile.Prepare();
        settings.CheckCodexHome();
        using var mark = ProgramMark.Set(AppContext.BaseDirectory);

        // Log output would garble the live view; it is in the log file.
        var live = LiveView.IsPossible;
        using var logging = ProgramLogging.Start(
            settings.Profile,
            live ? settings.Log with { ConsoleLevel = LogEventLevel.Fatal } : settings.Log,
            tellsOfTurns: true
        );
        ProgramLogging.Warn(settings.Warnings);
        foreach (var repair in settings.Repairs)
        {
            Log.Information("{Repair:l}", repair);
        }

        using var signals = new StopSignals();
        if (molecule is not null)
        {
            Say(command, await molecule.DescribeAsync().ConfigureAwait(false));
        }

        await using var daemon = await DaemonHost.StartAsync(settings, address, molecule?.Connection).ConfigureAwait(false);
        Say(command, $"listening at {settings.Api.Socket}{(daemon.Address is { } tcp ? $" and {tcp}" : "")}");
        var view = live ? LiveView.Start(daemon.Context) : null;
        Task refused;
        await using (view)
        {
            if (CodexHosting.LoginOf(settings).Look(null) is { } login)
            {
                Say(command, login.Message, view, LogEventLevel.Warning);
            }

            refused = RefusedAsync(what => Say(command, what, view), daemon.Context.Inbox, molecule);
            await Task.WhenAny(signals.First, refused, daemon.Context.DrainWanted).ConfigureAwait(false);
        }

        if (drain || daemon.Context.DrainWanted.IsCompleted)
        {
            // The signal that begins a drain does not end it.
            await DrainAsync(command, daemon, signals.First.IsCompleted ? signals.Second : signals.First).ConfigureAwait(false);
        }

        var running = (await daemon.Context.Actors.SlotsAsync().ConfigureAwait(false)).Held.Length;
        Say(
            command,
            running == 0
                ? "stopping; no turn is running"
                : $"stopping; {running} {(running == 1 ? "turn continues" : "turns continue")} without the daemon; "
                    + $"its next start recovers {(running == 1 ? "it" : "them")}"
        );
        return refused.IsCompleted ? ExitCodes.Refused : ExitCodes.Done;
    }

    // A daemon that also serves other work continues; its status shows the refusal.
    private static async Task RefusedAsync(Action<string> say, MoleculeInbox? inbox, MoleculeStart? molecule)
    {
        if (inbox is not null)
        {
            say($"the platform refuses the workspace {inbox.Connection.WorkspaceId}: {await inbox.Refused.ConfigureAwait(false)}");
        }

        if (molecule is not { EndsWhenRefused: true })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System).ConfigureAwait(false);
        }
    }

    private static async Task DrainAsync(string command, DaemonHost daemon, Task signal)
    {
        Say(command, "draining: accepting no more turns, waiting for the running ones; another signal stops at once");
        await Task.WhenAny(daemon.Context.DrainAsync(), signal).ConfigureAwait(false);
    }

    private static void Say(string command, string what, LiveView? view = null, LogEventLevel level = LogEventLevel.Information)
    {
        Log.Write(level, "{Command:l}: {What:l}", command, what);
        Action<string> write = view is null ? StderrMessages.Write : view.Tell;
        write($"plexum-codex {command}: {what}");
    }
}
