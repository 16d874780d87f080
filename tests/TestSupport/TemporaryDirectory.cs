namespace Plexum.Codex.TestSupport;

/// <summary>A directory of one test, removed with all that is in it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <param name="parent">Where to make it; null for the system's directory of temporary files.</param>
    public TemporaryDirectory(string? parent = null)
    {
        Root = Path.Combine(parent ?? Path.GetTempPath(), $"plexum-codex-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string File(string name) => Path.Combine(Root, name);

    public string Write(string name, string content)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
