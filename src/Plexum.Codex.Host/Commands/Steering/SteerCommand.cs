using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Commands.Turns;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands.Steering;

/// <summary><c>steer</c>: adds a text to a running turn.</summary>
internal static class SteerCommand
{
    private static readonly Argument<string> Turn = new("TURN")
    {
        Description = "The turn's id, the beginning of it, or last for the newest turn.",
    };

    private static readonly Argument<string[]> Text = new("TEXT")
    {
        Description =
            "What to say; several words are joined by spaces. With - or without a text it is read from standard input. "
            + "Put -- before a text that starts with a dash.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var command = new Command(
            "steer",
            "Say something to a running turn; the model sees it before it goes on. Only turns that app-server runs take it. "
                + "Exit codes: 0 the turn has it, 1 the daemon failed, 2 refused or no daemon running."
        )
        {
            Turn,
            Text,
            DaemonCommand.Json,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                DaemonCommand.RunAsync(arguments, (daemon, _) => RunAsync(arguments, daemon, cancellationToken), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, DaemonClient daemon, CancellationToken cancellationToken)
    {
        var text = await ReadAsync(arguments.GetValue(Text) ?? [], Console.OpenStandardInput(), cancellationToken).ConfigureAwait(false);
        var turn = await TurnIds.FindAsync(daemon, arguments.GetValue(Turn), cancellationToken).ConfigureAwait(false);
        var answer = await daemon.SteerAsync(turn, text, cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(DaemonCommand.Json))
        {
            DaemonCommand.Print(answer, ApiJson.Default.SteerDocument);
        }
        else
        {
            Console.Out.WriteLine($"The turn {answer.TurnId} has it; the model sees it before it goes on.");
        }

        return ExitCodes.Done;
    }

    /// <summary>The text that the arguments give.</summary>
    /// <exception cref="CodexException">There is none, or it is too long.</exception>
    internal static async Task<string> ReadAsync(string[] words, Stream input, CancellationToken cancellationToken)
    {
        var argument = words.Length == 0 ? "-" : string.Join(' ', words);
        var text = await PromptInput.ReadAsync(argument, input, cancellationToken).ConfigureAwait(false)
            ?? throw new CodexException(
                $"Standard input exceeds codex's limit of {Prompt.MaxCharacters} characters; "
                    + "put the long part into a file in the workspace and name the file."
            );
        return string.IsNullOrWhiteSpace(text) ? throw new CodexException("The text is empty; say something to the turn.") : text;
    }
}
