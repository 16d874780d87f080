using System.CommandLine;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Given;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary>Shared by the commands that submit a turn.</summary>
internal static class TurnOptions
{
    public static Option<string> Agent { get; } =
        new("--agent")
        {
            Description =
                "The agent's id: 1 to 64 letters, digits, dots, underscores or dashes, without \"..\"; "
                + "or last for the agent with the newest turn.",
            HelpName = "ID",
            Required = true,
        };

    public static Option<string?> Workspace { get; } =
        new("--workspace")
        {
            Description = "The directory that codex works in; by default that of the agent's last turn, at first its own in the profile.",
            HelpName = "DIR",
        };

    public static Option<string?> Model { get; } = new("--model") { Description = "A model id; by default codex chooses.", HelpName = "M" };

    public static Option<bool> NewThread { get; } =
        new("--new-thread") { Description = "Begin a new thread, in which codex does not know the agent's earlier turns." };

    public static Option<string[]> Images { get; } =
        new("--image")
        {
            Description = "A file with an image for the model to look at: PNG, JPEG, GIF or WebP. May be given several times.",
            HelpName = "FILE",
        };

    public static Argument<string> Text { get; } =
        new("TEXT") { Description = "What to say, or - to read it from standard input. Put -- before a text that starts with a dash." };

    /// <summary>The directory that <c>--workspace</c> names, as an absolute path; a relative one is below the caller's directory.</summary>
    /// <returns>Null if none is named.</returns>
    /// <exception cref="CodexException">The name is empty.</exception>
    public static string? WorkspaceOf(string? given) =>
        given switch
        {
            null => null,
            "" => throw new CodexException("--workspace is empty; name a directory, or leave the option out."),
            _ => Path.GetFullPath(given),
        };

    /// <summary>The turn that the arguments describe; one without <c>--workspace</c> names none.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="profile">The root of the profile.</param>
    /// <param name="cancellationToken">Stops reading standard input.</param>
    /// <exception cref="CodexException">An argument is invalid; the message names it.</exception>
    public static async Task<TurnRequest> ReadAsync(ParseResult arguments, string profile, CancellationToken cancellationToken)
    {
        var agent = AgentIds.FindOfTurn(profile, arguments.GetValue(Agent));
        var text = await PromptInput
            .ReadAsync(arguments.GetValue(Text)!, Console.OpenStandardInput(), cancellationToken)
            .ConfigureAwait(false)
            ?? throw new CodexException(
                $"Standard input exceeds codex's limit of {Prompt.MaxCharacters} characters; "
                    + "put the long part into a file in the workspace and name the file."
            );

        if (string.IsNullOrWhiteSpace(text))
        {
            throw new CommandException(
                "There is nothing to say: the text is empty. Give one, or - to read it from standard input.",
                ExitCodes.Refused,
                new TurnRefusal(TurnRefusalReason.NoUserText, "").Code
            );
        }

        // Whoever carries the turn out knows the agent's workspace by then, and knows a request again that names none.
        var workspace = WorkspaceOf(arguments.GetValue(Workspace));
        var images = await GivenImages.ReadAsync(arguments.GetValue(Images) ?? [], "--image", cancellationToken).ConfigureAwait(false);
        var message = new TurnMessage(MessageRole.User, [new ContentBlock.Text(text), .. images]);
        var request = new TurnRequest(agent, workspace, arguments.GetValue(Model), [message]) { NewThread = arguments.GetValue(NewThread) };
        return await WorkOptions.ApplyAsync(request, arguments, cancellationToken).ConfigureAwait(false);
    }
}
