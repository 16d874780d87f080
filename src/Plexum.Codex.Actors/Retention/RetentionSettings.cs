namespace Plexum.Codex.Retention;

/// <summary>How long ended turns are kept.</summary>
public sealed record RetentionSettings
{
    /// <summary>How long the files of an ended turn are kept.</summary>
    public TimeSpan Turns { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How much space the files of ended turns may take, in bytes; beyond that, the oldest are deleted.</summary>
    public long MaxBytes { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>How long the ledger remembers an ended turn whose files have been deleted.</summary>
    public TimeSpan Rows { get; init; } = TimeSpan.FromDays(400);
}
