using System.Text;
using System.Text.Json;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>Stores the row up to which a workspace's messages are settled, across restarts.</summary>
/// <param name="directory">The state directory.</param>
/// <param name="workspaceId">The workspace; the cursor of another workspace is ignored.</param>
internal sealed class CursorFile(string directory, string workspaceId)
{
    /// <summary>The file's path.</summary>
    public string Path { get; } = System.IO.Path.Combine(directory, "inbox-cursor.json");

    /// <summary>Loads the row's id; null if none was saved.</summary>
    /// <param name="problem">Why the file cannot be used, or null.</param>
    public string? Load(out string? problem)
    {
        problem = null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path));
            if (json.RootElement.TextOf("since_id") is { Length: > 0 } id)
            {
                return json.RootElement.TextOf("workspace") == workspaceId ? id : null;
            }

            problem = $"{Path} contains no row id.";
        }
        catch (FileNotFoundException)
        {
            // The first start.
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            problem = $"{Path} cannot be read: {e.Message}";
        }

        return null;
    }

    /// <summary>Saves the row's id.</summary>
    /// <exception cref="PlatformUnavailableException">The file cannot be written; its old content stays.</exception>
    public void Save(string id)
    {
        try
        {
            var content = new Dictionary<string, string> { ["workspace"] = workspaceId, ["since_id"] = id };
            AtomicFile.Write(Path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content)));
        }
        catch (IOException e)
        {
            throw new PlatformUnavailableException($"The inbox cursor cannot be saved: {e.Message}", e);
        }
    }
}
