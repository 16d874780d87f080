using System.Globalization;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Health.Probes;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Looks at the profile's daemon: whether one runs and answers, which version it is, and what it says is wrong.</summary>
internal static class DaemonCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<Finding>> RunAsync(ProgramSettings settings, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var daemon = await DaemonClient.FindAsync(settings.Api.Socket, limit.Token).ConfigureAwait(false);
            return daemon is null
                ? [new Finding("No daemon is running; each command runs its own turns."), .. AppServerCheck.WithoutDaemon(settings)]
                : await LookAsync(daemon, settings, limit.Token).ConfigureAwait(false);
        }
        catch (DaemonException e)
        {
            return [new Finding("The daemon cannot be used.", e.Message)];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return
            [
                new Finding(
                    string.Create(CultureInfo.InvariantCulture, $"The daemon did not answer within {Limit.TotalSeconds:0} seconds."),
                    "Look at its log, and restart it; running turns continue."
                ),
            ];
        }
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(
        DaemonClient daemon,
        ProgramSettings settings,
        CancellationToken cancellationToken
    )
    {
        var status = await daemon.StatusAsync(cancellationToken).ConfigureAwait(false);
        var findings = new List<Finding>
        {
            status.Ready
                ? new Finding(string.Create(CultureInfo.InvariantCulture, $"The daemon runs as process {status.Pid} and accepts turns."))
                : new Finding(
                    string.Create(CultureInfo.InvariantCulture, $"The daemon runs as process {status.Pid} and accepts no turns."),
                    "It is starting or stopping, or cannot write; \"plexum-codex status\" says more."
                ),
        };
        if (daemon.DaemonVersion != OwnVersion.Full)
        {
            findings.Add(
                new Finding(
                    $"The daemon is of version {daemon.DaemonVersion ?? status.Version}, and this program of {OwnVersion.Full}.",
                    "Restart the daemon; running turns continue."
                )
            );
        }

        findings.AddRange(AppServerCheck.OfDaemon(settings, status.AppServer));
        findings.AddRange(await ProblemsAsync(daemon, cancellationToken).ConfigureAwait(false));
        findings.Add(LimitsCheck.OfFiles(() => DescriptorProbe.OfProcess(status.Pid), "The daemon"));
        return findings;
    }

    private static async Task<IEnumerable<Finding>> ProblemsAsync(DaemonClient daemon, CancellationToken cancellationToken)
    {
        try
        {
            var standing = await daemon.ProblemsAsync(cancellationToken).ConfigureAwait(false);
            return standing.Problems.Select(problem => new Finding($"{problem.Code}: {problem.Message}", problem.Remedy));
        }
        catch (DaemonRefusedException e) when (e.Code == "unknown_path")
        {
            // A daemon of an earlier version, which is told above, does not know them.
            return [];
        }
    }
}
