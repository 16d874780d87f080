using System.Text;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>A rollout of the corpus as the thread of an agent, who has had no turn yet.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Id">The thread's id, which stands in the file in the place of its own.</param>
/// <param name="Path">Where the rollout lies.</param>
internal sealed record CorpusThread(string Agent, ThreadId Id, string Path)
{
    private const string Meta = "\"type\":\"session_meta\"";
    private const string IdField = "\"id\":\"";
    private const int IdLength = 36;

    /// <summary>Puts a rollout into codex's home, and its id into the session file of an agent.</summary>
    /// <param name="rig">Codex's home and the profile.</param>
    /// <param name="file">The file's name in the corpus.</param>
    /// <param name="number">A number of its own, of which its id and the agent are made.</param>
    public static CorpusThread Put(CodexRig rig, string file, int number)
    {
        var agent = FormattableString.Invariant($"corpus-{number}");
        var id = ThreadId.Parse(FormattableString.Invariant($"01a20000-0000-7000-8000-{number:x12}"));
        var isPacked = file.EndsWith(".zst", StringComparison.Ordinal);
        var content = Corpus.Read("rollouts", file);
        content = WithId(isPacked ? Zstd.Unpack(content) : content, id);

        var folder = Directory.CreateDirectory(System.IO.Path.Combine(rig.CodexHome, "sessions", "2026", "11", "20")).FullName;
        var path = System.IO.Path.Combine(folder, $"rollout-2026-11-20T10-00-00-{id}.jsonl{(isPacked ? ".zst" : "")}");
        File.WriteAllBytes(path, isPacked ? Zstd.Pack(content) : content);
        Directory.CreateDirectory(rig.Workspace(agent));
        File.WriteAllText(rig.SessionFile(agent), id.ToString());
        return new CorpusThread(agent, id, path);
    }

    // Byte by byte in all else: Latin-1 gives each byte a character, whatever they mean.
    private static byte[] WithId(byte[] content, ThreadId id)
    {
        var text = Encoding.Latin1.GetString(content);
        var meta = text.IndexOf(Meta, StringComparison.Ordinal);
        var own = meta < 0 ? -1 : text.IndexOf(IdField, meta, StringComparison.Ordinal);
        if (own >= 0 && own + IdField.Length + IdLength <= text.Length)
        {
            text = text.Replace(text.Substring(own + IdField.Length, IdLength), id.ToString(), StringComparison.Ordinal);
        }

        return Encoding.Latin1.GetBytes(
            text.Replace("\"model_provider\":\"openai\"", "\"model_provider\":\"loopback\"", StringComparison.Ordinal)
        );
    }
}
