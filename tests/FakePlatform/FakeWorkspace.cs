using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule;

/// <summary>A workspace of the platform.</summary>
public sealed class FakeWorkspace
{
    private readonly FakePlatform _platform;

    internal FakeWorkspace(FakePlatform platform, string id, string name, FakeWorkspace? parent)
    {
        (_platform, Id, Name, Parent) = (platform, id, name, parent);
        Token = NewToken();
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The workspace above it.</summary>
    public FakeWorkspace? Parent { get; }

    /// <summary>Its newest token.</summary>
    public string Token { get; private set; }

    /// <summary>What becomes of messages to it.</summary>
    public PeerBehaviour Behaviour { get; set; }

    /// <summary>Whether it may show texts to the user.</summary>
    public bool MayTalkToUser { get; set; } = true;

    /// <summary>Whether it was registered.</summary>
    public bool IsRegistered => Registration is not null;

    /// <summary>What it was last registered with.</summary>
    public JsonObject? Registration { get; internal set; }

    /// <summary>The last heartbeat.</summary>
    public JsonObject? Heartbeat { get; internal set; }

    /// <summary>The number up to which it has acknowledged its rows.</summary>
    public long AckedSeq { get; internal set; }

    /// <summary>Whether peers are told that it is there.</summary>
    public bool IsOnline =>
        _platform.State.Locked(() => IsRegistered && !IsRemoved && _platform.Time.GetUtcNow() - LastSign <= TimeSpan.FromSeconds(90));

    /// <summary>All rows of its activity.</summary>
    public IReadOnlyList<ActivityRow> Rows => _platform.State.Locked(() => (IReadOnlyList<ActivityRow>)[.. Activity]);

    /// <summary>The texts that its canvas user was shown.</summary>
    public IReadOnlyList<string> Shown =>
        [.. Rows.Where(row => row.Method == "notify").Select(row => (string)row.ResponseBody!["result"]!)];

    /// <summary>The messages that it got of peers, whichever way, with the ids that their senders gave them.</summary>
    public IReadOnlyList<PeerMessage> Received => _platform.State.Locked(() => (IReadOnlyList<PeerMessage>)[.. Messages]);

    internal HashSet<string> Tokens { get; } = new(StringComparer.Ordinal);

    internal List<ActivityRow> Activity { get; } = [];

    internal Dictionary<string, int> Places { get; } = new(StringComparer.Ordinal);

    internal HashSet<string> MessageIds { get; } = new(StringComparer.Ordinal);

    internal List<PeerMessage> Messages { get; } = [];

    internal DateTimeOffset LastSign { get; set; }

    internal bool IsRemoved { get; private set; }

    /// <summary>The canvas user of this workspace writes something.</summary>
    /// <returns>The id of the row.</returns>
    public string UserSays(string text) =>
        Write(
            new ActivityRow
            {
                WorkspaceId = Id,
                Method = "message/send",
                Summary = text,
                RequestBody = A2a.Request(text, Guid.NewGuid().ToString()),
            }
        );

    /// <summary>Puts a row into this workspace's activity.</summary>
    /// <returns>Its id.</returns>
    public string Write(ActivityRow row) => _platform.State.Write(this, row).Id;

    /// <summary>Forgets the oldest rows.</summary>
    public void Prune(int rows) => _platform.State.Prune(this, rows);

    /// <summary>Takes all its tokens away.</summary>
    public void RevokeTokens() => _platform.State.Locked(Tokens.Clear);

    /// <summary>Gives it another token instead of those it had.</summary>
    public string RotateToken() =>
        _platform.State.Locked(() =>
        {
            Tokens.Clear();
            return Token = NewToken();
        });

    /// <summary>Removes it.</summary>
    public void Remove() =>
        _platform.State.Locked(() =>
        {
            Tokens.Clear();
            return IsRemoved = true;
        });

    internal string NewToken()
    {
        var token = Convert
            .ToBase64String(Guid.NewGuid().ToByteArray().Concat(Guid.NewGuid().ToByteArray()).ToArray())
            .TrimEnd('=')
            .Replace('+', '-')
            .Replace('/', '_');
        Tokens.Add(token);
        return token;
    }

    internal bool MayTalkTo(FakeWorkspace other) => this == other || Parent == other.Parent || IsBelow(other) || other.IsBelow(this);

    private bool IsBelow(FakeWorkspace other)
    {
        for (var (above, levels) = (Parent, 0); above is not null && levels < 32; (above, levels) = (above.Parent, levels + 1))
        {
            if (above == other)
            {
                return true;
            }
        }

        return false;
    }
}
