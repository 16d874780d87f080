using System.CommandLine;
using System.Text;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Turns;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

/// <summary>
/// <c>say</c>: runs one turn in this process and streams it. Who reads the output may go away: the turn goes on to its end, since
/// half a turn helps nobody; Ctrl-C is the way to end one.
/// </summary>
internal static class SayCommand
{
    private static readonly Option<string> Agent = new("--agent")
    {
        Description = "The agent's id: 1 to 64 letters, digits, dots, underscores or dashes, without \"..\".",
        HelpName = "ID",
        Required = true,
    };

    private static readonly Option<string?> Workspace = new("--workspace")
    {
        Description = "The absolute path of the directory that codex works in; by default <profile>/agents/<ID>/workspace.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> Model = new("--model") { Description = "A model id; by default codex chooses.", HelpName = "M" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the turn's canonical events as they stand in its log, one JSON object a line." };

    private static readonly Argument<string> Text = new("TEXT")
    {
        Description = "What to say, or - to read it from standard input. Put -- before a text that starts with a dash.",
    };

    public static Command Create()
    {
        var command = new Command(
            "say",
            "Say something to an agent and print what comes back: the answer on standard output, all else on standard error. The next say goes on in the same thread. Ctrl-C cancels the turn, a second one kills codex. Exit codes: 0 done, 1 failed, 2 refused, 130 cancelled.")
        {
            Agent, Workspace, Model, Json, Text,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (!AgentId.TryParse(arguments.GetValue(Agent), out var agent))
        {
            return Refuse($"The agent id \"{arguments.GetValue(Agent)}\" is refused: take 1 to 64 letters, digits, dots, underscores or dashes, without \"..\".");
        }

        var profile = Profile.OfUser();
        var settings = HostSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        profile.Prepare();
        using var logging = HostLogging.Start(profile, settings.Log);
        HostLogging.Warn(settings.Warnings);
        var text = await PromptInput.ReadAsync(arguments.GetValue(Text)!, Console.OpenStandardInput(), cancellationToken).ConfigureAwait(false);
        if (text is null)
        {
            return Refuse($"Standard input has more than the {Prompt.MaxCharacters} characters that codex takes; put the long part into a file of the workspace and name the file.");
        }

        var workspace = arguments.GetValue(Workspace) ?? new AgentDirectory(profile.Root, agent).DefaultWorkspace;
        await using var system = CodexSystem.Start(settings);
        return await SayAsync(
            system, new TurnRequest(agent, workspace, arguments.GetValue(Model), [TurnMessage.User(text)]), arguments.GetValue(Json)).ConfigureAwait(false);
    }

    private static async Task<int> SayAsync(CodexSystem system, TurnRequest request, bool json)
    {
        using var keys = new CancelKeys(system.CancelAll);
        var turn = system.Submit(request);
        if (await turn.Refusal.ConfigureAwait(false) is { } refusal)
        {
            return Refuse(refusal.Message);
        }

        await using var stdout = Console.OpenStandardOutput();
        var answer = new StreamWriter(stdout, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var printer = new TurnPrinter(answer, !Console.IsOutputRedirected, Consoles.Error());
        var output = new GuardedOutput(json ? line => WriteLine(stdout, line.Span) : printer.Print, Complaint.Say);
        try
        {
            await foreach (var line in turn.ReadAsync().ConfigureAwait(false))
            {
                output.Show(line.Json, turn.EventsFile);
            }
        }
        catch (IOException e)
        {
            Complaint.Say($"The log of the turn cannot be read: {e.Message} The turn is cancelled.");
            turn.Cancel(force: false);
        }

        var ended = await turn.Ended.ConfigureAwait(false);
        if (ended.Unrecorded is { } unrecorded)
        {
            Complaint.Say($"{unrecorded.Code}: {unrecorded.Message}");
        }

        var code = ExitCodes.Of(ended.StopReason);
        return code == ExitCodes.Done && output.IsBroken ? ExitCodes.Failed : code;
    }

    private static int Refuse(string reason)
    {
        Complaint.Say(reason);
        return ExitCodes.Refused;
    }

    // One write a line, so that two programs that share an output do not tear each other's lines.
    private static void WriteLine(Stream output, ReadOnlySpan<byte> line) => output.Write([.. line, (byte)'\n']);
}
