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

    /// <summary>The directory.</summary>
    public string Root { get; }

    /// <summary>The full path of a file in it.</summary>
    public string File(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file in it and returns its path.</summary>
    public string Write(string name, string content)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Removes it.</summary>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}
