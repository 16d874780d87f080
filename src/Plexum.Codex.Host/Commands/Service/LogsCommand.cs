using System.CommandLine;
using Plexum.Codex.Host.Commands.Arguments;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary><c>daemon logs</c>: prints the end of the program's log and follows it across its files.</summary>
internal static class LogsCommand
{
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on with what is logged from now on." };

    private static readonly Option<int> Lines = NumberOption.Create(
        "--lines",
        "How many of the last lines to print.",
        50,
        0,
        int.MaxValue,
        "-n"
    );

    public static Command Create()
    {
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
        var settings = OperatorSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
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
