using System.Diagnostics;
using Plexum.Codex.LoopbackModel.Codex;

namespace Plexum.Codex.Bench.Warm.Stage;

/// <summary>The model in a process of its own, so that its processor time is in no measurement.</summary>
internal sealed class ModelProcess : IDisposable
{
    private readonly Process _process;

    private ModelProcess(Process process, Uri url) => (_process, Provider) = (process, new CodexProvider(url));

    /// <summary>The codex configuration for it.</summary>
    public CodexProvider Provider { get; }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    public static async Task<ModelProcess> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ModelProcess).Assembly.Location);
        }

        start.ArgumentList.Add(PacedModel.Command);
        var process = Process.Start(start)!;
        var url = await process.StandardOutput.ReadLineAsync().WithinLimit();
        return new ModelProcess(process, new Uri(url ?? throw new InvalidOperationException("The model did not start.")));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
