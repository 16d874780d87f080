using Akka.Streams.Implementation;

namespace Akka.Streams;

/// <summary>The switch of one run of a stream; see <see cref="KillSwitches.Single{T}"/>. Only its first use counts.</summary>
public sealed class UniqueKillSwitch : IKillSwitch
{
    private readonly SwitchState _state;

    internal UniqueKillSwitch(SwitchState state) => _state = state;

    /// <inheritdoc/>
    public void Shutdown() => _state.Shutdown();

    /// <inheritdoc/>
    public void Abort(Exception cause) => _state.Abort(cause);

    /// <inheritdoc/>
    public override string ToString() => $"SingleKillSwitch({GetHashCode()})";
}
