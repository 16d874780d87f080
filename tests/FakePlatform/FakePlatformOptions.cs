namespace Plexum.Codex.Molecule;

/// <summary>How a <see cref="FakePlatform"/> is set up.</summary>
public sealed record FakePlatformOptions
{
    /// <summary>Its clock: rows, staleness, the limit of requests and the times of recorded requests go by it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The organisation that requests have to name; null where it serves only one.</summary>
    public string? OrganisationId { get; init; }

    /// <summary>How many requests a minute are answered; the platform's own default.</summary>
    public int RequestsPerMinute { get; init; } = int.MaxValue;

    /// <summary>Whether it knows <c>activity/ack</c>.</summary>
    public bool HasAck { get; init; } = true;
}
