using System.CommandLine;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Host.Secrecy;

namespace Plexum.Codex.Host.Commands.Serving;

/// <summary><c>serve</c>: runs the daemon of this profile until a signal stops it.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    internal static readonly Option<string?> Listen = new("--listen")
    {
        Description = "Also listen on TCP, on loopback only, for requests with the token in api.token-file; for example 127.0.0.1:7400.",
        HelpName = "ADDRESS:PORT",
    };

    internal static readonly Option<bool> Drain = new("--drain")
    {
        Description =
            "On the first SIGTERM or Ctrl-C accept no more turns and wait for the running ones; "
            + "queued turns run after the next start. A second signal stops at once.",
    };

    public static Command Create()
    {
        var command = new Command(
            Name,
            "Run the daemon: an HTTP interface on a unix socket in the profile, a durable queue, and turns that outlive the daemon. "
                + "SIGTERM or Ctrl-C stops it and leaves every codex running; the next start recovers their turns."
        )
        {
            Listen,
            Drain,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var secrecyProblem = DaemonSecrecy.Begin();
        var profile = Profile.OfUser();
        var settings = ProgramSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        return DaemonRun.RunAsync(
            Name,
            settings,
            arguments.GetValue(Listen),
            arguments.GetValue(Drain),
            settings.Molecule.Enabled ? MoleculeStart.Prepare(settings, secrecyProblem) : null
        );
    }
}
