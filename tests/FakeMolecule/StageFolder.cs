using System.Text;
using System.Text.Json.Nodes;

namespace FakeMolecule;

/// <summary>The directory that a test and the fake processes share.</summary>
internal sealed class StageFolder(string path)
{
    private readonly string _calls = Path.Combine(path, "calls.jsonl");

    /// <summary>The rows of the platform, oldest first.</summary>
    public IEnumerable<JsonObject> Rows()
    {
        var folder = Path.Combine(path, "inbox");
        return Directory.Exists(folder)
            ? Directory
                .GetFiles(folder, "*.json")
                .Order(StringComparer.Ordinal)
                .Select(file => JsonNode.Parse(File.ReadAllText(file))!.AsObject())
            : [];
    }

    /// <summary>The next fault of a tool, which is spent by it; null where it is to do as it should.</summary>
    public Fault? TakeFault(string tool)
    {
        var file = Path.Combine(path, "faults", tool);
        if (!File.Exists(file))
        {
            return null;
        }

        using var faults = Exclusive.Open(file);
        var lines = ReadLines(faults);
        if (lines.Count == 0 || lines[0] == "none")
        {
            Write(faults, lines.Skip(1));
            return null;
        }

        if (lines[0].StartsWith("always ", StringComparison.Ordinal))
        {
            return Fault.Parse(lines[0]["always ".Length..]);
        }

        Write(faults, lines.Skip(1));
        return Fault.Parse(lines[0]);
    }

    public void RecordStart(MoleculeEnvironment environment) =>
        Record(
            new JsonObject
            {
                ["event"] = "start",
                ["inbox"] = environment.HasInbox,
                ["env"] = new JsonArray([.. MoleculeEnvironment.Names().Select(name => (JsonNode)name)]),
                ["args"] = new JsonArray([.. Environment.GetCommandLineArgs().Skip(1).Select(argument => (JsonNode)argument)]),
            }
        );

    public void Record(JsonObject line)
    {
        line["pid"] = Environment.ProcessId;

        // The test reads without a lock.
        using var alone = Exclusive.Open(_calls + ".lock");
        using var file = new FileStream(_calls, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"));
    }

    /// <summary>Waits until the test has made a file.</summary>
    public void WaitFor(string name) => Pause.Until(() => File.Exists(Path.Combine(path, name)), TimeSpan.MaxValue);

    private static List<string> ReadLines(FileStream file)
    {
        using var reader = new StreamReader(file, leaveOpen: true);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void Write(FileStream file, IEnumerable<string> lines)
    {
        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
    }
}
