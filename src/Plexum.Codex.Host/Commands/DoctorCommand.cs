using System.CommandLine;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Diagnosis;
using Spectre.Console;
using Profile = Plexum.Codex.Host.Configuration.Profile;

namespace Plexum.Codex.Host.Commands;

/// <summary><c>doctor</c>: looks at everything a turn needs; every line says ok or what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check codex, the profile and a whole turn.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var well = true;
        await foreach (var finding in new Doctor(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!).ExamineAsync(cancellationToken).ConfigureAwait(false))
        {
            well &= finding.IsWell;
            AnsiConsole.MarkupLine(finding.IsWell
                ? $"[green]ok[/]  {Markup.Escape(finding.What)}"
                : $"[red]no[/]  {Markup.Escape(finding.What)}\n    [yellow]{Markup.Escape(finding.Remedy!)}[/]");
        }

        return well ? ExitCodes.Done : ExitCodes.Failed;
    }
}
