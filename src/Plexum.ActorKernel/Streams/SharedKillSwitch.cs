using Akka.Streams.Dsl;
using Akka.Streams.Implementation;

namespace Akka.Streams;

/// <summary>
/// One switch for any number of streams; see <see cref="KillSwitches.Shared"/>. Only its first use counts, and a
/// stream that is started after it ends at once.
/// </summary>
public sealed class SharedKillSwitch : IKillSwitch
{
    private readonly SwitchState _state = new();
    private readonly string _name;

    internal SharedKillSwitch(string name) => _name = name;

    /// <inheritdoc/>
    public void Shutdown() => _state.Shutdown();

    /// <inheritdoc/>
    public void Abort(Exception cause) => _state.Abort(cause);

    /// <summary>A flow that passes elements on until the switch is used.</summary>
    public IGraph<FlowShape<T, T>, SharedKillSwitch> Flow<T>() => new Graph<FlowShape<T, T>, SharedKillSwitch>(
        Layout.Stage("sharedKillSwitch", _ => new KillSwitchLogic<T>(_state, this)));

    /// <inheritdoc/>
    public override string ToString() => $"KillSwitch({_name})";
}
