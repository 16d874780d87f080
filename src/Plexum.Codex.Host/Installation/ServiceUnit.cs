using System.Text;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Installation;

/// <summary>The unit that has systemd run the daemon for a user.</summary>
/// <param name="Program">The absolute path of plexum-codex.</param>
/// <param name="Variables">What of the environment the daemon needs. A service has nothing of the shell's; secrets do not belong here.</param>
internal sealed record ServiceUnit(string Program, IReadOnlyList<KeyValuePair<string, string>> Variables)
{
    /// <summary>The variables that are carried over where the shell has them: where the profile, codex's home and .NET lie.</summary>
    public static IReadOnlyList<string> CarriedOver { get; } = [Profile.RootVariable, "CODEX_HOME", "DOTNET_ROOT"];

    /// <summary>The text of the unit.</summary>
    /// <exception cref="CodexException">A path cannot be written in a unit.</exception>
    public string Render()
    {
        var text = new StringBuilder();
        text.Append("# Written by \"plexum-codex install\"; change it with \"systemctl --user edit\".\n");
        text.Append("[Unit]\nDescription=plexum-codex, codex for many agents\n\n[Service]\nType=exec\n");
        text.Append("ExecStart=").Append(Quote(Program, isCommand: true)).Append(" serve\n");
        foreach (var (name, value) in Variables)
        {
            text.Append("Environment=").Append(Quote($"{name}={value}", isCommand: false)).Append('\n');
        }

        // 2 is a refusal: a mistake in the configuration, or a daemon that runs already. Trying again changes nothing.
        text.Append("Restart=on-failure\nRestartSec=1s\nRestartPreventExitStatus=2\n");

        // codex goes on without the daemon, and the next one takes its turns up.
        text.Append("KillMode=process\nOOMPolicy=continue\nTimeoutStopSec=30s\nLimitNOFILE=65536\n");
        return text.Append("\n[Install]\nWantedBy=default.target\n").ToString();
    }

    // As systemd.syntax(7) and systemd.service(5) have it: C's escapes in quotes, % begins a specifier, $ a variable in commands.
    private static string Quote(string value, bool isCommand)
    {
        if (value.Any(char.IsControl))
        {
            throw new CodexException($"\"{Rendering.Consoles.Printable(value).ReplaceLineEndings(" ")}\" has a control character, which a unit of systemd cannot have; use another path.");
        }

        var quoted = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal);
        return $"\"{(isCommand ? quoted.Replace("$", "$$", StringComparison.Ordinal) : quoted)}\"";
    }
}
