using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Plexum.Codex.Host.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

/// <summary>What the commands that ask the daemon have in common.</summary>
internal static class DaemonCommand
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Print a JSON document for programs, on one line." };

    public static Argument<string> Turn { get; } = new("TURN") { Description = "The turn's id, as submit prints it and turns lists it." };

    /// <summary>Runs a command with the daemon of this profile.</summary>
    /// <exception cref="DaemonException">None runs, or it cannot be asked.</exception>
    public static async Task<int> RunAsync(
        ParseResult arguments, Func<DaemonClient, Profile, Task<int>> work, CancellationToken cancellationToken)
    {
        var profile = Profile.OfUser();
        var settings = HostSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        using var daemon = await DaemonClient.FindAsync(settings.Api.Socket, cancellationToken).ConfigureAwait(false) ?? throw NoDaemon(settings);
        return await work(daemon, profile).ConfigureAwait(false);
    }

    /// <summary>A turn id that was given.</summary>
    /// <exception cref="CodexException">It is none.</exception>
    public static TurnId ParseTurn(ParseResult arguments) => TurnId.TryParse(arguments.GetValue(Turn), out var turn)
        ? turn
        : throw new CodexException($"\"{arguments.GetValue(Turn)}\" is no turn id; \"plexum-codex turns\" lists those that there are.");

    /// <summary>Prints a document for programs.</summary>
    public static void Print<T>(T document, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(document, type));

    private static DaemonException NoDaemon(HostSettings settings) => new(
        $"No daemon of the profile {settings.Profile.Root} runs (nobody listens at {settings.Api.Socket}). Start one with \"plexum-codex serve\", or have systemd do it with \"plexum-codex install\".",
        DaemonProblem.Refused);
}
