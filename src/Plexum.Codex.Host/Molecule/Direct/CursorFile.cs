using System.Text;
using System.Text.Json;
using Plexum.Codex.Inbox;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>Keeps the row up to which a workspace's messages are settled, across restarts.</summary>
/// <param name="directory">The state directory.</param>
/// <param name="workspaceId">The workspace; the cursor of another one is none.</param>
internal sealed class CursorFile(string directory, string workspaceId)
{
    /// <summary>Where it is kept.</summary>
    public string Path { get; } = System.IO.Path.Combine(directory, "inbox-cursor.json");

    /// <summary>The row's id; null where none was saved.</summary>
    /// <param name="problem">Why what is there cannot be used; null where nothing is wrong.</param>
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

            problem = $"{Path} names no row.";
        }
        catch (FileNotFoundException)
        {
            // A first start.
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            problem = $"{Path} cannot be read: {e.Message}";
        }

        return null;
    }

    /// <exception cref="PlatformUnavailableException">It cannot be written; what was there before stays.</exception>
    public void Save(string id)
    {
        try
        {
            AtomicFile.Write(Path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Dictionary<string, string> { ["workspace"] = workspaceId, ["since_id"] = id })));
        }
        catch (IOException e)
        {
            throw new PlatformUnavailableException($"How far the inbox was answered cannot be saved: {e.Message}", e);
        }
    }
}
