using System.Text;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Installation;

/// <summary>The systemd unit that runs the daemon for a user.</summary>
/// <param name="Program">The absolute path of plexum-codex.</param>
/// <param name="Variables">The environment variables that the daemon needs, since a service has none of the shell's. Never secrets.</param>
internal sealed record ServiceUnit(string Program, IReadOnlyList<KeyValuePair<string, string>> Variables)
{
    /// <summary>The variables that are copied from the shell if they are set: the profile, codex's home and .NET.</summary>
    public static IReadOnlyList<string> CarriedOver { get; } = [Profile.RootVariable, "CODEX_HOME", "DOTNET_ROOT"];

    /// <summary>The text of the unit.</summary>
    /// <exception cref="CodexException">A value contains a control character.</exception>
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

        text.Append("# Exit code 2 is a refusal, such as a mistake in the settings or a second daemon. A restart would not help.\n");
        text.Append("Restart=on-failure\nRestartSec=1s\nRestartPreventExitStatus=2\n");
        text.Append("# codex keeps running without the daemon, and the next one resumes its turns.\n");
        text.Append("KillMode=process\nTimeoutStopSec=30s\n");
        text.Append("# A command that exhausts the memory does not take the daemon with it.\nOOMPolicy=continue\n");
        text.Append("# Each client and each turn has files open.\nLimitNOFILE=65536\n\n");
        text.Append(UnitHardening.Text);
        return text.Append("\n[Install]\nWantedBy=default.target\n").ToString();
    }

    // systemd.syntax(7) and systemd.service(5): quoted strings use C's escapes, % starts a specifier and, in commands, $ a variable.
    private static string Quote(string value, bool isCommand)
    {
        if (value.Any(char.IsControl))
        {
            var shown = VisibleText.OneLine(value);
            throw new CodexException(
                $"\"{shown}\" contains a control character, which is not allowed in a systemd unit; use another path."
            );
        }

        var quoted = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal);
        return $"\"{(isCommand ? quoted.Replace("$", "$$", StringComparison.Ordinal) : quoted)}\"";
    }
}
