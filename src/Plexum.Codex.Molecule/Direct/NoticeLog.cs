using System.Text;
using System.Text.Json;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>
/// Records the newest row of the activity before a text is sent to the user. The platform gives such texts no ids, but writes each into
/// the activity: if it is unknown whether a text was accepted, it can be looked up after that row.
/// </summary>
internal sealed class NoticeLog
{
    // An attempt is repeated soon, or after a restart, or never, so a thousand records suffice.
    private const int Kept = 1_000;

    private readonly string _path;
    private readonly Dictionary<string, string> _anchors = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _lines;

    /// <param name="directory">The state directory.</param>
    /// <exception cref="PlatformException">The existing file cannot be read.</exception>
    public NoticeLog(string directory)
    {
        _path = Path.Combine(directory, "notices.jsonl");
        Load();
    }

    /// <summary>The newest row when the text was first sent; empty if there was no row, null if it was never sent.</summary>
    public string? Find(string messageId)
    {
        lock (_lock)
        {
            return _anchors.GetValueOrDefault(messageId);
        }
    }

    /// <summary>Records the newest row before a text is sent for the first time.</summary>
    /// <exception cref="PlatformUnavailableException">The record cannot be written; the text must not be sent.</exception>
    public void Add(string messageId, string anchor)
    {
        lock (_lock)
        {
            try
            {
                if (_lines >= 2 * Kept)
                {
                    Shorten();
                }

                File.AppendAllText(_path, Line(messageId, anchor));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new PlatformUnavailableException($"A reply was not sent, because it could not be recorded: {e.Message}", e);
            }

            _lines++;
            _anchors[messageId] = anchor;
        }
    }

    private void Load()
    {
        try
        {
            var text = File.Exists(_path) ? File.ReadAllText(_path) : "";
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                LoadLine(line);
            }

            if (text.Length > 0 && !text.EndsWith('\n'))
            {
                Shorten();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlatformException($"The record of texts sent to the user, {_path}, cannot be used: {e.Message}", e);
        }
    }

    private void LoadLine(string line)
    {
        _lines++;
        try
        {
            using var json = JsonDocument.Parse(line);
            _anchors[json.RootElement.TextOf("id")] = json.RootElement.TextOf("after");
        }
        catch (JsonException)
        {
            // An earlier run died while writing the line, so its text was not sent.
        }
    }

    private void Shorten()
    {
        foreach (var old in _anchors.Keys.Take(Math.Max(0, _anchors.Count - Kept)).ToList())
        {
            _anchors.Remove(old);
        }

        AtomicFile.Write(_path, Encoding.UTF8.GetBytes(string.Concat(_anchors.Select(entry => Line(entry.Key, entry.Value)))));
        _lines = _anchors.Count;
    }

    private static string Line(string messageId, string anchor) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["id"] = messageId, ["after"] = anchor }) + "\n";
}
