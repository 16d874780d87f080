using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.LoopbackModel.Scripts;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>A model on loopback for the tests of one class; prompts are its script (<see cref="Directives"/>).</summary>
public sealed class LoopbackModelFixture : IAsyncLifetime
{
    public LoopbackModelServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await LoopbackModelServer.StartAsync();

    public async Task DisposeAsync()
    {
        var refusals = Server.Refusals;
        await Server.DisposeAsync();
        Assert.Empty(refusals);
    }
}

internal static class LoopbackModelExtensions
{
    /// <summary>What codex asked the model in one thread, oldest first.</summary>
    public static List<ModelRequest> RequestsOf(this LoopbackModelServer server, ThreadId? thread) =>
        [
            .. server
                .Exchanges.Select(exchange => exchange.Request)
                .OfType<ModelRequest>()
                .Where(request => request.ThreadId == thread?.ToString()),
        ];

    public static Task<ModelExchange> WaitForPromptAsync(this LoopbackModelServer server, string prompt) =>
        server.WaitForExchangeAsync(exchange => exchange.Request?.LastUserText == prompt).WithinLimit();
}
