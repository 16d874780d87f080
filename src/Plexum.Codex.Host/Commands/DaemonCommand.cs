using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Commands.Asked;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.History;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

/// <summary>Shared by the commands that need the daemon.</summary>
internal static class DaemonCommand
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Print a JSON document for programs, on one line." };

    public static Argument<string> Turn { get; } =
        new("TURN") { Description = "The turn's id, the beginning of it, or last for the newest turn." };

    /// <summary>Runs a command with the daemon of this profile.</summary>
    /// <exception cref="CodexException">No daemon is running, or it cannot be used.</exception>
    public static async Task<int> RunAsync(
        ParseResult arguments,
        Func<DaemonClient, Profile, Task<int>> work,
        CancellationToken cancellationToken
    )
    {
        var profile = Profile.OfUser();
        var settings = OperatorSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        using var daemon = await FindAsync(settings, cancellationToken).ConfigureAwait(false) ?? throw NoDaemon(settings);
        await AskedSettings.CheckAsync(daemon, settings, cancellationToken).ConfigureAwait(false);
        return await work(daemon, profile).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs a command that only looks at what has happened: with the daemon of this profile, or with the profile's ledger if none runs.
    /// </summary>
    /// <exception cref="CodexException">The daemon or the ledger cannot be used.</exception>
    public static async Task<int> LookAsync(
        ParseResult arguments,
        Func<DaemonClient, Profile, Task<int>> work,
        CancellationToken cancellationToken
    )
    {
        var profile = Profile.OfUser();
        var settings = OperatorSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        using var daemon = await FindAsync(settings, cancellationToken).ConfigureAwait(false);
        if (daemon is not null)
        {
            await AskedSettings.CheckAsync(daemon, settings, cancellationToken).ConfigureAwait(false);
            return await work(daemon, profile).ConfigureAwait(false);
        }

        using var history = await ProfileHistory.OpenAsync(settings).ConfigureAwait(false);
        return await work(history, profile).ConfigureAwait(false);
    }

    /// <summary>Runs a command that submits turns to the daemon of this profile, and sees to their settings itself.</summary>
    /// <exception cref="CodexException">No daemon is running, or it cannot be used.</exception>
    public static async Task<int> SubmitAsync(
        ParseResult arguments,
        Func<DaemonClient, ProgramSettings, Task<int>> work,
        CancellationToken cancellationToken
    )
    {
        var settings = ProgramSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        using var daemon = await FindAsync(settings, cancellationToken).ConfigureAwait(false) ?? throw NoDaemon(settings);
        return await work(daemon, settings).ConfigureAwait(false);
    }

    /// <summary>Finds the daemon of a profile, and says on standard error if it is of another version; null if none runs.</summary>
    /// <exception cref="DaemonException">Something listens there, but it cannot be used.</exception>
    public static async Task<DaemonClient?> FindAsync(ProgramSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var daemon = await DaemonClient.FindAsync(settings.Api.Socket, cancellationToken).ConfigureAwait(false);
        if (daemon is not null)
        {
            TellVersion(daemon);
        }

        return daemon;
    }

    /// <summary>Says on standard error if the daemon that has answered a client is of another version.</summary>
    public static void TellVersion(DaemonClient daemon)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        if (daemon.DaemonVersion != OwnVersion.Full)
        {
            var version = daemon.DaemonVersion is { } told ? $"plexum-codex {told}" : "an earlier version that does not tell which";
            StderrMessages.Write(
                $"The daemon is {version}, and this command is {OwnVersion.Full}. Restart the daemon to have both the same; running turns "
                    + "continue."
            );
        }
    }

    /// <summary>The turn that the argument names: its id, the beginning of it, or the last turn.</summary>
    /// <exception cref="CodexException">It is not a turn id, or fits several turns.</exception>
    public static Task<TurnId> FindTurnAsync(ParseResult arguments, DaemonClient daemon, CancellationToken cancellationToken) =>
        TurnIds.FindAsync(daemon, arguments.GetValue(Turn), cancellationToken);

    /// <summary>Prints a document for programs.</summary>
    public static void Print<T>(T document, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(document, type));

    private static CommandException NoDaemon(ProgramSettings settings) =>
        new(
            $"No daemon is running for the profile {settings.Profile.Root} (nothing listens at {settings.Api.Socket}). "
                + "Start one with \"plexum-codex daemon start\", or let systemd run it with \"plexum-codex install\".",
            ExitCodes.Refused,
            "no_daemon"
        );
}
