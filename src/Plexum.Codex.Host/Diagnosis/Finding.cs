namespace Plexum.Codex.Host.Diagnosis;

/// <summary>One thing that was looked at.</summary>
/// <param name="What">What was found.</param>
/// <param name="Remedy">What to do about it; null when all is well.</param>
internal sealed record Finding(string What, string? Remedy = null)
{
    public bool IsWell => Remedy is null;
}
