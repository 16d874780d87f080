using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

/// <summary>Shared by the commands that need the daemon.</summary>
internal static class DaemonCommand
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Print a JSON document for programs, on one line." };

    public static Argument<string> Turn { get; } = new("TURN") { Description = "The turn's id, as printed by submit and listed by turns." };

    /// <summary>Runs a command with the daemon of this profile.</summary>
    /// <exception cref="DaemonException">No daemon is running, or it cannot be used.</exception>
    public static async Task<int> RunAsync(
        ParseResult arguments,
        Func<DaemonClient, Profile, Task<int>> work,
        CancellationToken cancellationToken
    )
    {
        var profile = Profile.OfUser();
        var settings = ProgramSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        using var daemon = await DaemonClient.FindAsync(settings.Api.Socket, cancellationToken).ConfigureAwait(false)
            ?? throw NoDaemon(settings);
        return await work(daemon, profile).ConfigureAwait(false);
    }

    /// <summary>Parses the turn id argument.</summary>
    /// <exception cref="CodexException">It is not a turn id.</exception>
    public static TurnId ParseTurn(ParseResult arguments) =>
        TurnId.TryParse(arguments.GetValue(Turn), out var turn)
            ? turn
            : throw new CodexException($"\"{arguments.GetValue(Turn)}\" is not a turn id; \"plexum-codex turns\" lists all turns.");

    /// <summary>Prints a document for programs.</summary>
    public static void Print<T>(T document, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(document, type));

    private static DaemonException NoDaemon(ProgramSettings settings) =>
        new(
            $"No daemon is running for the profile {settings.Profile.Root} (nothing listens at {settings.Api.Socket}). "
                + "Start one with \"plexum-codex serve\", or let systemd run it with \"plexum-codex install\".",
            DaemonProblem.Refused
        );
}
