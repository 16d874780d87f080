using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Plexum.Codex;
using Plexum.Codex.Host.Commands;
using Plexum.Codex.Host.Commands.Approvals;
using Plexum.Codex.Host.Commands.Arguments;
using Plexum.Codex.Host.Commands.Service;
using Plexum.Codex.Host.Commands.Serving;
using Plexum.Codex.Host.Commands.Setup;
using Plexum.Codex.Host.Commands.Steering;
using Plexum.Codex.Host.Commands.Turns;
using Plexum.Codex.Host.Commands.Upkeep;
using Plexum.Codex.Host.Health;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Secrecy;
using Plexum.Codex.Posix;

// What the program writes, and what it starts, codex above all, is for the owner alone: promise S13.
Umask.OwnerOnly();

// codex starts mcp-host in every turn with tools, and its errors have their own format.
if (args is [McpHostCommand.Name, .. var relay] and not [_, "--help"])
{
    return McpHostCommand.Run(relay);
}

var report = new ErrorReport(args);

// With few descriptors, whatever comes next would fail in a way that tells nobody why.
if (StartLimits.WhyNot() is { } tooFew)
{
    return report.Write("few_descriptors", ExitCodes.Refused, tooFew);
}

// Before anything else, to keep the time short in which other processes of this user can read this one. A daemon does it again and says
// what went wrong.
_ = DaemonSecrecy.ClearVariables();
if (args is [ServeCommand.Name or MoleculeCommand.Name, ..])
{
    _ = DiagnosticsPort.Close();
}

if (args is [] && PluginCommand.IsOwnName())
{
    args = [PluginCommand.Name];
}

// The commands that start codex or another program.
string[] starters = ["say", "demo", "doctor", "install", "install-plugin", ServeCommand.Name, MoleculeCommand.Name, PluginCommand.Name];
var root = new RootCommand(
    "Runs OpenAI's codex CLI for many agents. All its files are in the profile: the directory named by PLEXUM_PROFILE_ROOT, or ~/.plexum."
)
{
    CommonOptions.Set,
    SayCommand.Create(),
    RolloutCommand.Create(),
    ConsumeCommand.Create(),
    ThreadCommand.Create(),
    DemoCommand.Create(),
    DoctorCommand.Create(),
    ServeCommand.Create(),
    MoleculeCommand.Create(),
    SubmitCommand.Create(),
    EventsCommand.Create(),
    CancelCommand.Create(),
    ApproveCommand.Create(),
    SteerCommand.Create(),
    TurnsCommand.Create(),
    AgentsCommand.Create(),
    StatusCommand.Create(),
    UsageCommand.Create(),
    DaemonCommands.Create(),
    ConfigCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    UninstallCommand.Create(),
    TokenCommand.Create(),
    InstallCommand.Create(),
    InstallPluginCommand.Create(),
    McpHostCommand.Create(),
    PluginCommand.Create(),
};
try
{
    // A text that starts with @ is plain text, not the name of a response file.
    var arguments = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    if (ArgumentCheck.FindMistake(root, args) is { } mistake)
    {
        return Refuse(arguments, [mistake]);
    }

    if (arguments.Action is ParseErrorAction)
    {
        return Refuse(arguments, arguments.Errors.Select(error => error.Message));
    }

    // Not before a daemon has started itself once more, above, which would end a script's lock around it. Help, and commands that start
    // no program, need no /proc.
    if (arguments.Action == arguments.CommandResult.Command.Action && starters.Contains(arguments.CommandResult.Command.Name))
    {
        InheritedFiles.KeepFromChildren();
    }

    // The commands handle Ctrl-C themselves: codex must be stopped properly before the program exits.
    return await arguments
        .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false })
        .ConfigureAwait(false);
}
catch (CodexException e)
{
    return report.Write(e);
}
catch (Exception e) when (StderrMessages.IsOfOutput(e))
{
    return report.Write("cannot_continue", ExitCodes.Failed, $"plexum-codex cannot continue: {e.Message}");
}

int Refuse(ParseResult arguments, IEnumerable<string> mistakes)
{
    var path = "";
    for (var result = arguments.CommandResult; result is { Command: not RootCommand }; result = result.Parent as CommandResult)
    {
        path = $" {result.Command.Name}{path}";
    }

    var help = $"plexum-codex{path} --help lists the options and arguments.";
    return report.Write("bad_arguments", ExitCodes.Refused, string.Join('\n', mistakes.Append(help)));
}
