using System.Collections;
using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Host.Ownership;
using Plexum.Codex.Host.Rendering;

namespace Plexum.Codex.Host.Commands;

/// <summary>
/// The settings of a command that looks at a daemon, stops it, cancels its turns or saves the profile. It needs no more of them than the
/// profile and the socket, so a mistake in a file or a variable, which a daemon that runs has not noticed yet, does not keep an operator
/// from it.
/// </summary>
internal static class OperatorSettings
{
    private const string Socket = "plexum.api.socket";

    /// <summary>Reads them; a mistake is told on standard error, and the defaults hold in place of what was to be set.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="assignments">The values of <c>--set</c>.</param>
    /// <exception cref="ConfigurationProblemsException">A value of <c>--set</c> is wrong.</exception>
    /// <exception cref="CodexException">Another user could change the profile; the message says what to do.</exception>
    public static ProgramSettings Load(Profile profile, IReadOnlyList<string> assignments) =>
        Load(profile, assignments, Environment.GetEnvironmentVariables(), StderrMessages.Write);

    /// <summary>The same.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="assignments">The values of <c>--set</c>.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="warn">Is told of the mistakes.</param>
    internal static ProgramSettings Load(Profile profile, IReadOnlyList<string> assignments, IDictionary environment, Action<string> warn)
    {
        try
        {
            return ProgramSettings.Load(profile, assignments, environment);
        }
        catch (ConfigurationProblemsException e)
        {
            var settings = ProgramSettings.LoadWithoutFiles(profile, [.. SocketOf(profile, environment), .. assignments], Own(environment));
            warn($"{e.Message}\nThis command does its work all the same. A daemon does not start before that is corrected.");
            return settings;
        }
    }

    // Of the program's own variables, those alone that are no settings.
    private static Hashtable Own(IDictionary environment)
    {
        var own = new Hashtable();
        foreach (DictionaryEntry variable in environment)
        {
            if (
                variable.Key is string name
                && (name is OwnerCheck.SwitchVariable || !name.StartsWith(SettingsSources.VariablePrefix, StringComparison.Ordinal))
            )
            {
                own.Add(name, variable.Value);
            }
        }

        return own;
    }

    // Where the daemon listens is known if that much of the settings can be read.
    private static ImmutableArray<string> SocketOf(Profile profile, IDictionary environment)
    {
        var socket = environment["PLEXUM_API_SOCKET"] is string { Length: > 0 } variable ? variable : SocketOf(profile.SettingsFile);
        return socket is null ? [] : [$"{Socket}={socket}"];
    }

    private static string? SocketOf(string file)
    {
        try
        {
            return SettingsSources.File(SettingsSources.BuiltIn(), file)?.Document.Find(Socket)?.Text is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is ConfigurationProblemsException or HoconException)
        {
            // Told already, with all other mistakes.
            return null;
        }
    }
}
