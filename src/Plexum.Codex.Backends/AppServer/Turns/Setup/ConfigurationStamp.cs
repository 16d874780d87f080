using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Posix;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>
/// The files that codex reads when it loads a thread, and not again while the thread is loaded: its configuration, with the MCP servers and
/// the provider of the model, and the instructions in <c>AGENTS.md</c>. Exec reads them at every turn.
/// </summary>
internal static class ConfigurationStamp
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxDepth = 100;

    private static readonly string[] OfHome = ["config.toml", "AGENTS.override.md", "AGENTS.md", "hooks.json"];
    private static readonly string[] OfDirectory = ["AGENTS.override.md", "AGENTS.md", Path.Combine(".codex", "config.toml")];

    /// <summary>Equal as long as none of the files is changed, added or removed. File work.</summary>
    /// <param name="codexHome">Codex's home.</param>
    /// <param name="workspace">The absolute path of the workspace.</param>
    public static string Of(string codexHome, string workspace)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = OfHome
            .Select(name => Path.Combine(codexHome, name))
            .Prepend(CodexConfigFile.OfTheMachine)
            .Concat(DirectoriesOf(workspace).SelectMany(directory => OfDirectory.Select(name => Path.Combine(directory, name))));
        foreach (var path in files)
        {
            Add(hash, path);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The workspace, and what is above it up to the root of its repository.
    private static List<string> DirectoriesOf(string workspace)
    {
        var directories = new List<string>();
        for (var at = workspace; at is not null && directories.Count < MaxDepth; at = Path.GetDirectoryName(at))
        {
            directories.Add(at);
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                return directories;
            }
        }

        return [workspace];
    }

    private static void Add(IncrementalHash hash, string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: true, out var problem);
        if (file is null)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{problem}\0"));
            return;
        }

        try
        {
            var length = RandomAccess.GetLength(file);
            var bytes = new byte[Math.Min(length, MaxBytes)];
            var read = RandomAccess.Read(file, bytes, 0);
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{length}\0"));
            hash.AppendData(bytes, 0, read);
        }
        catch (IOException e)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{e.Message}\0"));
        }
    }
}
