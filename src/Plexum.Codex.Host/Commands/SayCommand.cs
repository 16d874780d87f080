using System.CommandLine;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Turns;
using Plexum.Codex.Turns;
using Spectre.Console;
using Profile = Plexum.Codex.Host.Configuration.Profile;

namespace Plexum.Codex.Host.Commands;

/// <summary><c>say</c>: runs one turn in this process and streams it.</summary>
internal static class SayCommand
{
    private static readonly Option<string> Agent = new("--agent") { Description = "The agent's id: letters, digits, . _ and -.", Required = true };
    private static readonly Option<string?> Workspace = new("--workspace") { Description = "Where codex works; by default <profile>/agents/<id>/workspace." };
    private static readonly Option<string?> Model = new("--model") { Description = "A model id; by default codex chooses." };
    private static readonly Argument<string> Text = new("text") { Description = "What to say, or - to read it from standard input." };

    public static Command Create()
    {
        var command = new Command("say", "Say something to an agent and print what comes back.") { Agent, Workspace, Model, CommonOptions.Json, Text };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (!AgentId.TryParse(arguments.GetValue(Agent), out var agent))
        {
            await Console.Error.WriteLineAsync($"The agent id \"{arguments.GetValue(Agent)}\" is refused: use 1 to 64 letters, digits, . _ and -, without \"..\".").ConfigureAwait(false);
            return ExitCodes.Refused;
        }

        var settings = HostSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        using var logging = HostLogging.Start(settings.Profile, settings.Log);
        foreach (var warning in settings.Warnings)
        {
            Serilog.Log.Warning("{Warning:l}", warning);
        }

        var request = new TurnRequest(
            agent,
            arguments.GetValue(Workspace) is { } given ? given : new AgentDirectory(settings.Profile.Root, agent).DefaultWorkspace,
            arguments.GetValue(Model),
            [TurnMessage.User(await ReadTextAsync(arguments.GetValue(Text)!, cancellationToken).ConfigureAwait(false))]);
        await using var system = CodexSystem.Start(settings);
        return await SayAsync(system, request, arguments.GetValue(CommonOptions.Json), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> SayAsync(CodexSystem system, TurnRequest request, bool json, CancellationToken cancellationToken)
    {
        var turn = system.Submit(request);
        using var keys = new CancelKeys(turn.Cancel);
        if (await turn.Refusal.ConfigureAwait(false) is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message).ConfigureAwait(false);
            return ExitCodes.Refused;
        }

        var printer = new TurnPrinter(Console.Out, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));
        await using var output = Console.OpenStandardOutput();
        await foreach (var line in turn.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (json)
            {
                await output.WriteAsync(line.Json, cancellationToken).ConfigureAwait(false);
                await output.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                printer.Print(line.Json);
            }
        }

        var ended = await turn.Ended.ConfigureAwait(false);
        if (ended.Unrecorded is { } unrecorded)
        {
            await Console.Error.WriteLineAsync($"{unrecorded.Code}: {unrecorded.Message}").ConfigureAwait(false);
        }

        return ExitCodes.Of(ended.StopReason);
    }

    private static async Task<string> ReadTextAsync(string text, CancellationToken cancellationToken) =>
        text == "-" ? await Console.In.ReadToEndAsync(cancellationToken).ConfigureAwait(false) : text;
}
