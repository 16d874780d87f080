using System.CommandLine;
using System.Globalization;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary><c>daemon logs</c>: prints the end of the program's log and follows it across its files.</summary>
internal static class LogsCommand
{
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on with what is logged from now on." };

    private static readonly Option<int> Lines = new("--lines", "-n")
    {
        Description = "How many of the last lines to print.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    public static Command Create()
    {
        Lines.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: var text }] && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                given.AddError("--lines must be a whole number, 0 or more.");
            }
        });
        var command = new Command(
            "logs",
            "Print the end of the program's log, of the daemon and of commands. Exit codes: 0 done, 2 refused."
        )
        {
            Follow,
            Lines,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var settings = ProgramSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        using var log = new LogTail(settings.Profile.LogFile);
        foreach (var line in log.Last(arguments.GetValue(Lines)))
        {
            Write(line);
        }

        if (arguments.GetValue(Follow))
        {
            await foreach (var line in log.FollowAsync(TimeProvider.System, cancellationToken).ConfigureAwait(false))
            {
                Write(line);
            }
        }

        return ExitCodes.Done;
    }

    // The file belongs to a user whose commands a model writes too, so nothing in it drives the terminal.
    private static void Write(string line) => Console.Out.WriteLine(VisibleText.Of(line));
}
