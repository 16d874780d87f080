using System.ComponentModel;
using System.Diagnostics;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Search;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Asks codex whether it is logged in.</summary>
internal static class LoginCheck
{
    private const string Advice = "Run codex login, or set the key that your provider in codex's config.toml expects.";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<Finding> RunAsync(CodexBinary binary, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var start = new ProcessStartInfo(binary.Path, ["login", "status"]) { WorkingDirectory = TrustedPlace.Outside() };
            var (code, output, errors) = await ShortProgram.RunAsync(start, limit.Token).ConfigureAwait(false);
            var said = $"{output}\n{errors}".Trim().Split('\n')[^1].Trim().TrimEnd('.');
            var what = $"codex login status: {(said.Length == 0 ? "no output" : said)}.";
            return code == 0 ? new Finding(what) : new Finding(what, Advice);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Finding($"codex login status did not answer within {Limit.TotalSeconds} seconds.", Advice);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return new Finding($"codex login status cannot be run: {e.Message}", Advice);
        }
    }
}
