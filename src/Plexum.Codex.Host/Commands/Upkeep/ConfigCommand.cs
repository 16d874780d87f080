using System.CommandLine;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Rendering.Tables;
using Plexum.Codex.Host.Secrecy;

namespace Plexum.Codex.Host.Commands.Upkeep;

/// <summary><c>config</c>: shows the settings as they hold and where each comes from, and checks them.</summary>
internal static class ConfigCommand
{
    private static readonly Argument<string?> SettingsFile = new("FILE")
    {
        Description = "The settings to check in place of the profile's plexum-codex.hocon.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var show = new Command(
            "show",
            "Print every setting as it holds for a command that is started here, and where it comes from: the default, a line of a file, "
                + "an environment variable or --set. Secrets are hidden. Exit codes: 0 done, 2 the configuration is invalid."
        )
        {
            DaemonCommand.Json,
        };
        show.SetAction(Show);
        var check = new Command(
            "check",
            "Check the settings and print every mistake with its place. Exit codes: 0 they are valid, 1 there are mistakes."
        )
        {
            SettingsFile,
            DaemonCommand.Json,
        };
        check.SetAction(Check);
        return new Command("config", "Show the settings, or check them.") { show, check };
    }

    private static int Show(ParseResult arguments)
    {
        var settings = ProgramSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        TellWarnings(settings);
        if (arguments.GetValue(DaemonCommand.Json))
        {
            Console.Out.WriteLine(ToJson(settings).ToJsonString());
            return ExitCodes.Done;
        }

        var table = new PlainTable("SETTING", "VALUE", "FROM");
        foreach (var setting in settings.Values)
        {
            table.Add(setting.Name, SecretMask.Of(setting.Text), PlaceOf(setting));
        }

        table.Write(Consoles.Output());
        return ExitCodes.Done;
    }

    private static int Check(ParseResult arguments)
    {
        var profile = Profile.OfUser();
        var file = arguments.GetValue(SettingsFile) is { } given ? Path.GetFullPath(given) : profile.SettingsFile;
        var isJson = arguments.GetValue(DaemonCommand.Json);
        try
        {
            if (file != profile.SettingsFile && !File.Exists(file))
            {
                throw new ConfigurationProblemsException([$"There is no file {file}."]);
            }

            var assignments = arguments.GetValue(CommonOptions.Set)!;
            var settings = ProgramSettings.Load(profile, file, assignments, Environment.GetEnvironmentVariables());
            TellWarnings(settings);
            Console.Out.WriteLine(
                isJson ? Result([]).ToJsonString()
                : File.Exists(file) ? $"The settings are valid: {file}"
                : $"The settings are valid. There is no {file}, so the defaults apply."
            );
            return ExitCodes.Done;
        }
        catch (ConfigurationProblemsException e)
        {
            if (isJson)
            {
                Console.Out.WriteLine(Result([.. e.Problems]).ToJsonString());
                return ExitCodes.Failed;
            }

            foreach (var problem in e.Problems)
            {
                StderrMessages.Write(problem);
            }

            return ExitCodes.Failed;
        }
    }

    private static void TellWarnings(ProgramSettings settings)
    {
        foreach (var warning in settings.Warnings)
        {
            StderrMessages.Write(warning);
        }
    }

    private static JsonObject Result(string[] problems) =>
        new() { ["valid"] = problems.Length == 0, ["problems"] = new JsonArray([.. problems.Select(problem => (JsonNode)problem)]) };

    private static JsonObject ToJson(ProgramSettings settings) =>
        new()
        {
            ["profile"] = settings.Profile.Root,
            ["codex_home"] = settings.Rollouts.CodexHome,
            ["settings"] = new JsonArray([
                .. settings.Values.Select(setting =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["key"] = setting.Name,
                            ["value"] = SecretMask.Of(setting.Text),
                            ["origin"] = OriginOf(setting.Origin),
                            ["place"] = PlaceOf(setting),
                        }
                ),
            ]),
        };

    private static string PlaceOf(SettingValue setting) => setting.Origin == SettingOrigin.Default ? "default" : setting.Source;

    private static string OriginOf(SettingOrigin origin) =>
        origin switch
        {
            SettingOrigin.Default => "default",
            SettingOrigin.File => "file",
            SettingOrigin.Variable => "environment",
            _ => "command_line",
        };
}
