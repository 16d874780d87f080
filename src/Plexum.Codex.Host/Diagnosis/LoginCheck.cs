using System.ComponentModel;
using System.Diagnostics;
using Plexum.Codex.Processes;

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
        var start = new ProcessStartInfo(binary.Path, ["login", "status"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            return await AskAsync(process, limit.Token).ConfigureAwait(false);
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

    private static async Task<Finding> AskAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            var text = $"{await output.ConfigureAwait(false)}\n{await errors.ConfigureAwait(false)}";
            var said = text.Trim().Split('\n')[^1].Trim().TrimEnd('.');
            var what = $"codex login status: {(said.Length == 0 ? "no output" : said)}.";
            return process.ExitCode == 0 ? new Finding(what) : new Finding(what, Advice);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
