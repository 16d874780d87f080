using System.Globalization;
using System.Text;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>The processes of a turn, codex among them, by the variable that codex and its commands have.</summary>
internal static class TurnProcesses
{
    public static List<int> Of(TurnId turn)
    {
        var marker = Encoding.UTF8.GetBytes($"{ProcessEnvironment.TurnVariable}={turn.Value}\0");
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && EnvironmentOf(pid).AsSpan().IndexOf(marker) >= 0)];
    }

    public static Task GoneAsync(TurnId turn) => Limits.UntilAsync(() => Of(turn).Count == 0, what: $"no process of turn {turn} was left");

    private static byte[] EnvironmentOf(int pid)
    {
        try
        {
            return File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or it is not ours.
            return [];
        }
    }
}
