using System.Text.Json.Nodes;

namespace Plexum.Codex.TestSupport.Molecule;

/// <summary>The platform by way of FakeMolecule.</summary>
internal sealed class McpRig : MoleculeRig
{
    public McpRig(params string[] script)
        : base(script)
    {
        Stage["PLATFORM_URL"] = $"http://127.0.0.1:9/{Path.GetFileName(Molecule.Folder)}";
        Stage["WORKSPACE_ID"] = FakeMoleculeStage.Workspace;
        Stage["MOLECULE_WORKSPACE_TOKEN_FILE"] = Molecule.TokenFile;
        Stage["FAKE_MOLECULE_DIR"] = Molecule.Folder;
        Daemon.Arguments.AddRange(["--transport", "mcp", "--molecule-mcp", FakeMoleculeStage.Binary]);
    }

    public FakeMoleculeStage Molecule { get; } = new();

    public override IReadOnlyList<string> Shown => Delivered("send_message_to_user", "message", _ => true);

    public override int Polls => Molecule.Calls("wait_for_message").Count();

    public static string IdOf(string peer) => $"aaaaaaaa-bbbb-4ccc-8ddd-{(int)peer[0]:d12}";

    public override IReadOnlyList<string> Got(string peer) =>
        Delivered("delegate_task", "task", call => (string)call["workspace_id"]! == IdOf(peer));

    public override void UserSays(string text) => Molecule.Write(text);

    // The runtime has joined the parts already.
    public override void PeerSays(string peer, params string[] parts) => Molecule.Write(string.Concat(parts), IdOf(peer));

    public override void SendUnanswerable()
    {
        Molecule.Write("names no peer", kind: "peer_agent");
        Molecule.Write("of a kind to come", IdOf("a"), kind: "something_new");
        Molecule.Write("done", IdOf("a"), kind: "delegation_result");
    }

    public override void FailReplies(int times) =>
        Molecule.Fault("send_message_to_user", [.. Enumerable.Repeat("text Error: platform returned 500", times)]);

    public override void FailPop() => Molecule.Fault("inbox_pop", "text Error: not now");

    protected override ValueTask DisposePlatformAsync()
    {
        Molecule.Dispose();
        return ValueTask.CompletedTask;
    }

    private List<string> Delivered(string tool, string text, Func<JsonObject, bool> isWanted) =>
        [
            .. Molecule
                .Delivered.Where(record => (string)record["tool"]! == tool)
                .Select(record => record["arguments"]!.AsObject())
                .Where(isWanted)
                .Select(arguments => (string)arguments[text]!),
        ];
}
