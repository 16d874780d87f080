using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>A platform with a workspace, a peer of it, and ways to it that can be lost and made anew.</summary>
internal sealed class DirectStage : IAsyncDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("plexum-codex-molecule-");

    private DirectStage(FakePlatform platform, TimeProvider time)
    {
        (Platform, Own, Peer) = (platform, platform.AddWorkspace("own"), platform.AddWorkspace("peer"));
        Options = new DirectOptions
        {
            PlatformUrl = new Uri(platform.Url),
            WorkspaceId = Own.Id,
            Token = MoleculeToken.OfText(Own.Token),
            StateDirectory = _state.FullName,
            PollInterval = TimeSpan.Zero,
        };
        Time = time;
        Tools = new DirectTransport(Options, time);
    }

    public FakePlatform Platform { get; }

    public FakeWorkspace Own { get; }

    public FakeWorkspace Peer { get; }

    public TimeProvider Time { get; }

    public DirectOptions Options { get; private set; }

    public DirectTransport Tools { get; private set; }

    public string CursorPath => Path.Combine(_state.FullName, "inbox-cursor.json");

    public static async Task<DirectStage> StartAsync(FakePlatformOptions? options = null)
    {
        options ??= new FakePlatformOptions();
        return new DirectStage(await FakePlatform.StartAsync(options), options.Time);
    }

    /// <summary>The program dies and is started again. What it had in memory is gone.</summary>
    public async Task RestartAsync(Func<DirectOptions, DirectOptions>? change = null)
    {
        await Tools.DisposeAsync();
        Options = change?.Invoke(Options) ?? Options;
        Tools = new DirectTransport(Options, Time);
    }

    /// <summary>One poll: what is there now.</summary>
    public Task<IReadOnlyList<InboundMessage>> PollAsync() =>
        Tools.WaitForMessagesAsync(TimeSpan.Zero, CancellationToken.None).WithinLimit();

    /// <summary>Waits until there are messages.</summary>
    public async Task<IReadOnlyList<InboundMessage>> MessagesAsync()
    {
        IReadOnlyList<InboundMessage> messages = [];
        await Limits.UntilAsync(async () => (messages = await PollAsync()).Count > 0);
        return messages;
    }

    public async Task<string[]> TextsAsync() => [.. (await MessagesAsync()).Select(message => message.Text)];

    public Task PopAsync(string id) => Tools.PopAsync(id, CancellationToken.None).WithinLimit();

    public Task ShowAsync(string text, string messageId = "reply-1") =>
        Tools.SendMessageToUserAsync(Own.Id, text, messageId, CancellationToken.None).WithinLimit();

    public Task SendAsync(string text = "hi", string messageId = "reply-1") =>
        Tools.DelegateTaskAsync(Peer.Id, text, Own.Id, messageId, CancellationToken.None).WithinLimit();

    public IEnumerable<RecordedRequest> RequestsOf(string part) =>
        Platform.Requests.Where(request => request.Name.Contains(part, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await Tools.DisposeAsync();
        await Platform.DisposeAsync();
        _state.Delete(recursive: true);
    }
}
