using System.CommandLine;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Installation;
using Plexum.Codex.Host.Rendering;

namespace Plexum.Codex.Host.Commands.Setup;

/// <summary><c>install</c>: has systemd run the daemon for this user. It never overwrites existing content.</summary>
internal static class InstallCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Report what would be written, and write nothing." };

    private static readonly Option<string> Unit = new("--unit")
    {
        Description = "The name of the unit; choose another one for the daemon of another profile.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "plexum-codex",
    };

    public static Command Create()
    {
        Unit.Validators.Add(given =>
        {
            if (
                given.GetValue(Unit) is not { Length: > 0 and < 200 } name
                || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            )
            {
                given.AddError("--unit must be a name of letters, digits, dots, underscores or dashes.");
            }
        });
        var command = new Command(
            "install",
            "Write a systemd unit that runs the daemon for this user, and write the absolute path of codex, found on this shell's PATH, "
                + "into the profile's settings. Existing content is never overwritten. "
                + "Exit codes: 0 everything is in place, 1 no usable codex was found, 2 existing content differs and nothing was written."
        )
        {
            DryRun,
            Unit,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = Profile.OfUser();
        var settings = ProgramSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        var variables = Variables();
        var codex = await ServiceCodex.FindAsync(settings.Binary, variables, cancellationToken).ConfigureAwait(false);
        if (codex.Warning is { } warning)
        {
            StderrMessages.Write(warning);
        }

        var unit = arguments.GetValue(Unit)! + ".service";
        var directory = UnitStep.DirectoryOf(
            Environment.GetEnvironmentVariable("XDG_CONFIG_HOME"),
            Environment.GetEnvironmentVariable("HOME")
        );
        var file = Path.Combine(directory, unit);
        var unitStep = UnitStep.Look(file, Service(variables));
        if (codex.SearchPath is { } path && unitStep.State != InstallState.Done)
        {
            unitStep = UnitStep.Look(file, Service([.. variables, KeyValuePair.Create("PATH", path)]));
        }

        var steps = new[] { BinaryStep.Look(profile, codex.Path), unitStep };
        var refused = steps.Any(step => step.State == InstallState.Conflict);
        var writes = !refused && !arguments.GetValue(DryRun);
        if (writes)
        {
            profile.Prepare();
        }

        foreach (var step in steps)
        {
            if (writes)
            {
                step.Apply?.Invoke();
            }

            Tell(step, writes);
        }

        if (refused)
        {
            StderrMessages.Write("Nothing was written.");
            return ExitCodes.Refused;
        }

        TellNext(unit);
        return ExitCodes.Done;
    }

    private static void Tell(InstallStep step, bool written)
    {
        switch (step.State)
        {
            case InstallState.Conflict:
                StderrMessages.Write(step.What);
                break;
            case InstallState.Done:
                Console.Out.WriteLine($"already there: {step.What}");
                break;
            default:
                Console.Out.WriteLine($"{(written ? "written" : "would be written")}: {step.What}");
                break;
        }
    }

    private static void TellNext(string unit)
    {
        Console.Out.WriteLine("Next:");
        Console.Out.WriteLine($"    systemctl --user daemon-reload && systemctl --user enable --now {unit}");
        Console.Out.WriteLine("    loginctl enable-linger      keeps it running while nobody is logged in");
        Console.Out.WriteLine("    plexum-codex status         shows whether it runs");
    }

    private static KeyValuePair<string, string>[] Variables() =>
        [
            .. ServiceUnit
                .CarriedOver.Select(name => KeyValuePair.Create(name, Environment.GetEnvironmentVariable(name)))
                .Where(pair => !string.IsNullOrWhiteSpace(pair.Value))
                .Select(pair => KeyValuePair.Create(pair.Key, Path.GetFullPath(pair.Value!))),
        ];

    private static ServiceUnit Service(KeyValuePair<string, string>[] variables)
    {
        // Under "dotnet plexum-codex.dll" the program is next to the library.
        var own = Path.Combine(AppContext.BaseDirectory, "plexum-codex");
        var program = File.Exists(own)
            ? own
            : Environment.ProcessPath ?? throw new CodexException("The path of this program is unknown; start it by its absolute path.");
        return new ServiceUnit(PluginFolder.LastingName(program), variables);
    }
}
