using System.Text.Json.Nodes;
using Plexum.Codex.Molecule;

namespace Plexum.Codex.TestSupport.Molecule;

/// <summary>The platform over HTTP.</summary>
internal sealed class DirectRig : MoleculeRig
{
    private readonly Dictionary<string, FakeWorkspace> _peers = [];

    private DirectRig(FakePlatform platform, string[] script)
        : base(script)
    {
        Platform = platform;
        Workspace = platform.AddWorkspace("codex");
        Stage["PLATFORM_URL"] = platform.Url;
        Stage["WORKSPACE_ID"] = Workspace.Id;
        Stage["MOLECULE_WORKSPACE_TOKEN"] = Workspace.Token;
    }

    public FakePlatform Platform { get; }

    public FakeWorkspace Workspace { get; }

    public override IReadOnlyList<string> Shown => Workspace.Shown;

    public override int Polls => Platform.Requests.Count(request => request.Name == $"GET /workspaces/{Workspace.Id}/activity");

    public static async Task<DirectRig> MakeAsync(params string[] script) => new(await FakePlatform.StartAsync(), script);

    public override IReadOnlyList<string> Got(string peer) => [.. Peer(peer).Received.Select(message => message.Text)];

    public override void UserSays(string text) => Workspace.UserSays(text);

    public override void PeerSays(string peer, params string[] parts)
    {
        var body = new JsonObject
        {
            ["params"] = new JsonObject
            {
                ["message"] = new JsonObject
                {
                    ["parts"] = new JsonArray([.. parts.Select(part => new JsonObject { ["kind"] = "text", ["text"] = part })]),
                },
            },
        };
        Workspace.Write(
            new ActivityRow
            {
                WorkspaceId = Workspace.Id,
                SourceId = Peer(peer).Id,
                TargetId = Workspace.Id,
                Method = "message/send",
                Summary = "a summary",
                RequestBody = body,
            }
        );
    }

    public override void SendUnanswerable() =>
        Workspace.Write(
            new ActivityRow
            {
                WorkspaceId = Workspace.Id,
                SourceId = Peer("a").Id,
                Method = "delegate_result",
                Summary = "done",
                RequestBody = new JsonObject(),
            }
        );

    public override void FailReplies(int times) => Platform.Faults.Next("/notify", Fault.Status(500), times);

    public override void FailPop() => Platform.Faults.Next("/activity/ack", Fault.Status(500));

    public FakeWorkspace Peer(string name)
    {
        if (!_peers.TryGetValue(name, out var peer))
        {
            _peers.Add(name, peer = Platform.AddWorkspace(name));
        }

        return peer;
    }

    protected override ValueTask DisposePlatformAsync() => Platform.DisposeAsync();
}
