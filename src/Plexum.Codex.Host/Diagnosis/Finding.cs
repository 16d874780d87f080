namespace Plexum.Codex.Host.Diagnosis;

/// <summary>The result of one check.</summary>
/// <param name="What">What was found.</param>
/// <param name="Remedy">How to fix it; null if the check passed.</param>
internal sealed record Finding(string What, string? Remedy = null)
{
    public bool IsWell => Remedy is null;
}
