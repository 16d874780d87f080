using System.CommandLine;
using Plexum.Codex.Host.Diagnosis;
using Plexum.Codex.Host.Rendering;
using Spectre.Console;
using Profile = Plexum.Codex.Host.Configuration.Profile;

namespace Plexum.Codex.Host.Commands.Setup;

/// <summary><c>doctor</c>: checks everything a turn needs; each line says ok or what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command(
            "doctor",
            "Check the configuration, the profile, codex and its login, and run a whole turn with a model on loopback. "
                + "Exit codes: 0 all checks passed, 1 a check failed."
        );
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var well = true;
        var console = Consoles.Output();
        await foreach (
            var finding in new Doctor(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!)
                .ExamineAsync(cancellationToken)
                .ConfigureAwait(false)
        )
        {
            well &= finding.IsWell;
            console.Line(
                finding.IsWell ? $"ok  {finding.What}" : $"no  {finding.What}",
                new Style(finding.IsWell ? Color.Green : Color.Red)
            );
            foreach (var line in finding.Remedy?.Split('\n') ?? [])
            {
                console.Line($"    {line}", new Style(Color.Yellow));
            }
        }

        return well ? ExitCodes.Done : ExitCodes.Failed;
    }
}
