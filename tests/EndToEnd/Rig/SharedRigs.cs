using System.Globalization;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>
/// A model, and a rig for each backend, for those specs of a class that need nothing but agents of their own. A rig costs the start of
/// the actors and of a server.
/// </summary>
public sealed class SharedRigs : IAsyncLifetime
{
    private readonly LoopbackModelFixture _model = new();
    private readonly Dictionary<BackendKind, CodexRig> _rigs = [];
    private int _agents;

    public LoopbackModelServer Model => _model.Server;

    public async Task InitializeAsync()
    {
        await _model.InitializeAsync();
        foreach (var backend in Backends.All)
        {
            _rigs[backend] = new CodexRig(Model, backend);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var rig in _rigs.Values)
        {
            await rig.DisposeAsync();
        }

        await _model.DisposeAsync();
    }

    /// <summary>The rig of a backend.</summary>
    internal CodexRig Of(BackendKind backend) => _rigs[backend];

    /// <summary>The name of an agent that no other spec has.</summary>
    internal string NewAgent() => string.Create(CultureInfo.InvariantCulture, $"agent-{Interlocked.Increment(ref _agents)}");
}
