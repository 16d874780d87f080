namespace Plexum.Codex.Tools;

/// <summary>The limits of calls to the host's tools.</summary>
public sealed record ToolSettings
{
    /// <summary>
    /// The maximum of <see cref="MaxResultBytes"/>: codex drops lines over 16 MiB and then waits in vain (measured on 0.169.0), and a byte
    /// may take six in JSON.
    /// </summary>
    public const int MaxAllowedResultBytes = 2 * 1024 * 1024;

    /// <summary>How long a host has to answer a call.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The maximum size of a result in bytes; a larger one is truncated.</summary>
    public int MaxResultBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a call waits for a host to read its calls over HTTP.</summary>
    public TimeSpan HandlerWait { get; init; } = TimeSpan.FromSeconds(30);
}
