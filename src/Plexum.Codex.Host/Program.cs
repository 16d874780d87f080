using System.CommandLine;
using System.CommandLine.Invocation;
using Plexum.Codex;
using Plexum.Codex.Host.Commands;
using Plexum.Codex.Host.Rendering;

// codex starts it in every turn, and its errors have their own form.
if (args is [McpHostCommand.Name, .. var relay] and not [_, "--help"])
{
    return McpHostCommand.Run(relay);
}

if (args is [] && PluginCommand.IsOwnName())
{
    args = [PluginCommand.Name];
}

var root = new RootCommand("Runs OpenAI's codex CLI for many agents. Everything it keeps lies in the profile: the directory that PLEXUM_PROFILE_ROOT names, else ~/.plexum.")
{
    CommonOptions.Set,
    SayCommand.Create(),
    RolloutCommand.Create(),
    ConsumeCommand.Create(),
    DemoCommand.Create(),
    DoctorCommand.Create(),
    ServeCommand.Create(),
    MoleculeCommand.Create(),
    SubmitCommand.Create(),
    EventsCommand.Create(),
    CancelCommand.Create(),
    TurnsCommand.Create(),
    AgentsCommand.Create(),
    StatusCommand.Create(),
    UsageCommand.Create(),
    InstallCommand.Create(),
    InstallPluginCommand.Create(),
    McpHostCommand.Create(),
    PluginCommand.Create(),
};
try
{
    // A text that starts with @ is a text, not the name of a file with more arguments.
    var arguments = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    if (arguments.Action is ParseErrorAction)
    {
        return Refuse(arguments);
    }

    // The commands deal with Ctrl-C themselves: it has to reach codex in the right way before the program ends.
    return await arguments.InvokeAsync(new InvocationConfiguration
    {
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
    }).ConfigureAwait(false);
}
catch (CodexException e)
{
    Complaint.Say(e.Message);
    return ExitCodes.Of(e);
}
catch (Exception e) when (Complaint.IsOfOutput(e))
{
    Complaint.Say($"plexum-codex cannot go on: {e.Message}");
    return ExitCodes.Failed;
}

static int Refuse(ParseResult arguments)
{
    foreach (var error in arguments.Errors)
    {
        Complaint.Say(error.Message);
    }

    var command = arguments.CommandResult.Command is RootCommand ? "" : " " + arguments.CommandResult.Command.Name;
    Complaint.Say($"plexum-codex{command} --help says what can be given.");
    return ExitCodes.Refused;
}
