namespace Plexum.Codex.Host.Ownership;

/// <summary>Another user could change files that decide what this program runs.</summary>
/// <param name="path">The file, the directory or the link that is exposed.</param>
/// <param name="what">What is wrong with it, as a sentence.</param>
/// <param name="remedy">What to do, as a sentence with a command.</param>
internal sealed class ExposedPathException(string path, string what, string remedy) : CodexException($"{what} {remedy}")
{
    /// <summary>The file, the directory or the link that is exposed.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string What { get; } = what;

    /// <summary>What to do.</summary>
    public string Remedy { get; } = remedy;
}
