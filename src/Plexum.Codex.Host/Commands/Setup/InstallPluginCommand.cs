using System.CommandLine;
using System.Text.Json;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Installation;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Commands.Setup;

/// <summary><c>install-plugin</c>: installs this program into a profile as the plugin of its Plexum host.</summary>
internal static class InstallPluginCommand
{
    private static readonly Option<string> From = new("--from")
    {
        Description = "The directory of the program to install; by default that of this one.",
        HelpName = "DIR",
        DefaultValueFactory = _ => AppContext.BaseDirectory,
    };

    private static readonly Option<bool> Manifest = new("--manifest")
    {
        Description = "Print the manifest of a plugin without configuration, and install nothing.",
    };

    public static Command Create()
    {
        var command = new Command(
            "install-plugin",
            $"Install this program into the profile as the plugin {PlexumMethods.PluginName} of a Plexum host, and print the next steps. "
                + "An older version is replaced in one step, and processes started from it keep running; "
                + "config.json and plexum.json are left unchanged. Exit codes: 0 installed, 2 cannot be installed."
        )
        {
            From,
            Manifest,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(Manifest))
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(PluginManifest.Default.ToFile(), cancellationToken).ConfigureAwait(false);
            return ExitCodes.Done;
        }

        var profile = Profile.OfUser();
        ProgramSettings.CheckOwners(profile, Environment.GetEnvironmentVariables());
        var folder = PluginFolder.Of(profile);
        var settings = new PluginSettings(profile, [.. arguments.GetValue(CommonOptions.Set)!]);
        var installed = folder.Install(arguments.GetValue(From)!, PluginManifest.Of(settings));
        Console.Out.WriteLine($"installed: {folder.Path} (version {installed.Version})");
        foreach (var version in installed.InUse)
        {
            Console.Out.WriteLine($"still running: version {version}; once it is restarted, the next installation removes the old version");
        }

        await TellNextAsync(profile, cancellationToken).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static async Task TellNextAsync(Profile profile, CancellationToken cancellationToken)
    {
        var codex = await FindAsync(cancellationToken).ConfigureAwait(false) ?? "/absolute/path/of/codex";
        Console.Out.WriteLine("Next:");
        if (!IsAllowed(Path.Combine(profile.Root, "plexum.json")))
        {
            Console.Out.WriteLine(
                $"    allow it in {profile.Root}/plexum.json: {{\"plugins\": {{\"allow\": [\"{PlexumMethods.PluginName}\"]}}}}"
            );
        }

        if (!File.Exists(profile.PluginConfigFile))
        {
            Console.Out.WriteLine(
                $"    under systemd, which does not know the PATH of this shell, name codex in {profile.PluginConfigFile}: "
                    + $"{{\"binary\": {JsonSerializer.Serialize(codex, JsonSerializerOptions.Default)}}}"
            );
        }

        Console.Out.WriteLine("    restart Plexum: systemctl --user restart plexum");
        Console.Out.WriteLine("    give an agent the model: plexum agent-add --model codex AGENT");
    }

    private static async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            var path = Environment.GetEnvironmentVariable("PATH");
            var codex = await CodexBinary.ResolveAsync("codex", path, cancellationToken: cancellationToken).ConfigureAwait(false);
            return LastingPath.Of(codex.FoundAs, LastingPath.RuntimeDirectory);
        }
        catch (CodexException)
        {
            // The plugin can be installed before codex is.
            return null;
        }
    }

    private static bool IsAllowed(string plexumJson)
    {
        try
        {
            using var document = JsonDocument.Parse(ConfigurationText.ReadIfThere(plexumJson) ?? "{}");
            return document
                .RootElement.GetProperty("plugins")
                .GetProperty("allow")
                .EnumerateArray()
                .Any(name => name.ValueEquals(PlexumMethods.PluginName));
        }
        catch (Exception e) when (e is ConfigurationProblemsException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A missing or malformed file does not allow the plugin.
            return false;
        }
    }
}
