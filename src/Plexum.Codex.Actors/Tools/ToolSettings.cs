namespace Plexum.Codex.Tools;

/// <summary>What a call of the host's tools may take.</summary>
public sealed record ToolSettings
{
    /// <summary>The most that <see cref="MaxResultBytes"/> can be: codex drops lines over 16 MiB and then waits in vain (measured on 0.169.0), and
    /// in JSON a byte may take six.</summary>
    public const int MostResultBytes = 2 * 1024 * 1024;

    /// <summary>How long a host has to answer a call.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many bytes of a result get to codex.</summary>
    public int MaxResultBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a call waits for a host that reads its calls over HTTP.</summary>
    public TimeSpan HostWait { get; init; } = TimeSpan.FromSeconds(30);
}
