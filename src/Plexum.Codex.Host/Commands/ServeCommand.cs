using System.CommandLine;
using System.Net;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Rendering;
using Serilog;
using Serilog.Events;

namespace Plexum.Codex.Host.Commands;

/// <summary><c>serve</c>: runs the daemon of this profile until a signal ends it.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Listen = new("--listen")
    {
        Description = "Listen on TCP too, on loopback only, for requests with the token of api.token-file; for example 127.0.0.1:7400.",
        HelpName = "ADDRESS:PORT",
    };

    private static readonly Option<bool> Drain = new("--drain")
    {
        Description = "On the first SIGTERM or Ctrl-C take no more turns and wait for the running ones; those that wait run after the next start. A second signal stops at once.",
    };

    public static Command Create()
    {
        var command = new Command(
            "serve",
            "Run the daemon: an HTTP interface on a unix socket in the profile, a queue that survives it, and turns that go on without it. SIGTERM or Ctrl-C stops it and leaves every codex running; the next start takes them up.")
        {
            Listen, Drain,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var listen = arguments.GetValue(Listen) is { } address ? LoopbackAddress.Parse(address) : null;
        var profile = Profile.OfUser();
        var settings = HostSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        profile.Prepare();

        // What is logged would tear the live view; it is in the file.
        var live = LiveView.IsPossible;
        using var logging = HostLogging.Start(profile, live ? settings.Log with { ConsoleLevel = LogEventLevel.Fatal } : settings.Log);
        HostLogging.Warn(settings.Warnings);
        using var signals = new StopSignals();
        await using var daemon = await DaemonHost.StartAsync(settings, listen).ConfigureAwait(false);
        Say($"listening at {settings.Api.Socket}{(daemon.Address is { } tcp ? $" and {tcp}" : "")}");
        await using (live ? LiveView.Start(daemon.ActorSystem, daemon.Context) : null)
        {
            await signals.First.ConfigureAwait(false);
        }

        if (arguments.GetValue(Drain))
        {
            await DrainAsync(daemon, signals).ConfigureAwait(false);
        }

        var running = (await daemon.Context.Actors.SlotsAsync().ConfigureAwait(false)).Held.Length;
        Say(running == 0
            ? "stopping; no turn is running"
            : $"stopping; {running} {(running == 1 ? "turn goes" : "turns go")} on without the daemon and {(running == 1 ? "is" : "are")} taken up at its next start");
        return ExitCodes.Done;
    }

    private static async Task DrainAsync(DaemonHost daemon, StopSignals signals)
    {
        Say("draining: no more turns are taken, and the running ones end first; a second signal stops at once");
        await Task.WhenAny(daemon.Context.DrainAsync(), signals.Second).ConfigureAwait(false);
    }

    private static void Say(string what)
    {
        Log.Information("serve: {What:l}", what);
        Complaint.Say($"plexum-codex serve: {what}");
    }
}
