using System.ComponentModel;
using System.Diagnostics;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Units;

/// <summary>Asks the user's systemd.</summary>
internal static class Systemctl
{
    // Starting and stopping a unit may take as long as TimeoutStopSec in it, and a little more.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // "Failed to connect to bus: No medium found", or since version 256 "… to user scope bus via local transport: …".
    private const string NoBus = "Failed to connect to";

    private const string WithoutBus =
        "This session has no bus to the user's systemd, as under su or sudo: log in as the user. Without systemd, "
        + "\"plexum-codex daemon start --detached\" starts the daemon.";

    /// <summary>Runs <c>systemctl --user</c> with arguments.</summary>
    /// <exception cref="CodexException">It cannot be run, or it refused; the message has its words and says what to do.</exception>
    public static async Task RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var shown = $"systemctl --user {string.Join(' ', arguments)}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var (exitCode, output, errors) = await ShortProgram
                .RunAsync(new ProcessStartInfo("systemctl", (string[])["--user", .. arguments]), limit.Token)
                .ConfigureAwait(false);
            if (exitCode != 0)
            {
                var words = VisibleText.OneLine((errors + output).Trim().ReplaceLineEndings(" "));
                var failure = $"\"{shown}\" failed: {(words.Length > 0 ? words : $"it exited with {exitCode}")}";
                throw new CodexException(
                    words.StartsWith(NoBus, StringComparison.Ordinal) ? $"{failure.TrimEnd('.')}. {WithoutBus}" : failure
                );
            }
        }
        catch (Win32Exception e)
        {
            throw new CodexException($"\"{shown}\" cannot be run: {e.Message.TrimEnd('.')}.", e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CodexException($"\"{shown}\" did not end within {Limit.TotalMinutes:0} minutes.");
        }
    }
}
