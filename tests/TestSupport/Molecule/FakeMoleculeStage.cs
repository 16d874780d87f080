using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Molecule.Mcp;
using Plexum.Codex.Posix;

namespace Plexum.Codex.TestSupport.Molecule;

/// <summary>A directory for FakeMolecule; tests/FakeMolecule/README.md describes what stands in it.</summary>
internal sealed class FakeMoleculeStage : IDisposable
{
    public const string Workspace = "11111111-2222-4333-8444-555555555555";
    public const string Peer = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
    public const string Token = "token-of-the-test-that-no-log-may-have-in-it";

    private int _rows;

    public FakeMoleculeStage()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "inbox"));
        Directory.CreateDirectory(Path.Combine(Folder, "faults"));
        AtomicFile.Write(TokenFile, Encoding.ASCII.GetBytes(Token));
    }

    public static string Binary { get; } = Path.Combine(AppContext.BaseDirectory, "FakeMolecule");

    public string Folder { get; } = Directory.CreateTempSubdirectory("fake-molecule-").FullName;

    /// <summary>A file with the token, which only its owner can access.</summary>
    public string TokenFile => Path.Combine(Folder, "token");

    /// <summary>What a program that stands for it needs in its environment.</summary>
    public ImmutableDictionary<string, string?> Variables =>
        ImmutableDictionary<string, string?>
            .Empty.Add("PLATFORM_URL", "http://127.0.0.1:9")
            .Add("WORKSPACE_ID", Workspace)
            .Add("MOLECULE_WORKSPACE_TOKEN", Token)
            .Add("FAKE_MOLECULE_DIR", Folder);

    public MoleculeMcpProgram Program => new(Binary, Path.Combine(Folder, "configs"), Variables, () => Token);

    /// <summary>The id of the newest row.</summary>
    public string LastId => $"00000000-0000-4000-8000-{_rows:d12}";

    /// <summary>What was recorded so far, oldest first.</summary>
    public IReadOnlyList<JsonObject> Records =>
        File.Exists(Path.Combine(Folder, "calls.jsonl"))
            ? [.. Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())]
            : [];

    /// <summary>The replies that were delivered.</summary>
    public IEnumerable<JsonObject> Delivered => Records.Where(record => (string)record["event"]! == "delivered");

    /// <summary>The starts with or without the inbox.</summary>
    public IEnumerable<JsonObject> Starts(bool inbox) =>
        Records.Where(record => (string)record["event"]! == "start" && (bool)record["inbox"]! == inbox);

    public IEnumerable<JsonObject> Calls(string tool) =>
        Records.Where(record => (string)record["event"]! == "call" && (string)record["tool"]! == tool);

    /// <summary>Puts a row into the inbox.</summary>
    /// <returns>Its id.</returns>
    public string Write(string text, string peer = "", string? kind = null)
    {
        var number = ++_rows;
        var id = LastId;
        WriteRaw(
            new JsonObject
            {
                ["activity_id"] = id,
                ["text"] = text,
                ["peer_id"] = peer,
                ["kind"] = kind ?? (peer.Length == 0 ? "canvas_user" : "peer_agent"),
                ["method"] = "message/send",
                ["created_at"] = "2026-01-31T12:00:00Z",
            }.ToJsonString(),
            number
        );
        return id;
    }

    public void WriteRaw(string row) => WriteRaw(row, ++_rows);

    /// <summary>What the next calls of a tool meet.</summary>
    public void Fault(string tool, params string[] lines)
    {
        var file = Path.Combine(Folder, $"fault-{Guid.NewGuid():N}");
        File.WriteAllLines(file, lines);
        File.Move(file, Path.Combine(Folder, "faults", tool), overwrite: true);
    }

    public void ClearFaults() => Directory.Delete(Path.Combine(Folder, "faults"), recursive: true);

    public void Touch(string name) => File.Create(Path.Combine(Folder, name)).Dispose();

    public Task UntilAsync(Func<FakeMoleculeStage, bool> isSo, [CallerArgumentExpression(nameof(isSo))] string what = "") =>
        Limits.UntilAsync(() => isSo(this), () => string.Join('\n', Records.Select(record => record.ToJsonString())), what);

    /// <summary>The processes that still run.</summary>
    public IEnumerable<int> Running() =>
        Records.Where(record => (string)record["event"]! == "start").Select(record => (int)record["pid"]!).Where(ProcessProbe.IsRunning);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void WriteRaw(string row, int number)
    {
        var file = Path.Combine(Folder, $"row-{number}");
        File.WriteAllText(file, row);
        File.Move(file, Path.Combine(Folder, "inbox", $"{number:d6}.json"));
    }

    // A line may be half written.
    private string Text()
    {
        using var reader = new StreamReader(
            new FileStream(Path.Combine(Folder, "calls.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        );
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)];
    }
}
