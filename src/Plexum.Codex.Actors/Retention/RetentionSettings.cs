namespace Plexum.Codex.Retention;

/// <summary>How long what is left of ended turns is kept.</summary>
public sealed record RetentionSettings
{
    /// <summary>How long the files of an ended turn are kept.</summary>
    public TimeSpan Turns { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How much room the files of ended turns may take, in bytes; beyond it the oldest go.</summary>
    public long MaxBytes { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>How long the ledger knows of an ended turn whose files are gone.</summary>
    public TimeSpan Rows { get; init; } = TimeSpan.FromDays(400);
}
