using Akka.Streams.Implementation;

namespace Akka.Streams;

/// <summary>Makes switches that end a running stream from outside.</summary>
public static class KillSwitches
{
    /// <summary>A switch for any number of streams.</summary>
    /// <param name="name">Appears in logs.</param>
    public static SharedKillSwitch Shared(string name) => new(name);

    /// <summary>A flow that passes elements on; every run of it has a switch of its own, which it materializes.</summary>
    public static IGraph<FlowShape<T, T>, UniqueKillSwitch> Single<T>() => new Graph<FlowShape<T, T>, UniqueKillSwitch>(
        Layout.Stage("killSwitch", static _ =>
        {
            var state = new SwitchState();
            return new KillSwitchLogic<T>(state, new UniqueKillSwitch(state));
        }));

    /// <summary>
    /// A flow that passes elements on until the token is cancelled: then it fails with
    /// <see cref="OperationCanceledException"/>, or completes when <paramref name="cancelGracefully"/> is set.
    /// </summary>
    public static IGraph<FlowShape<T, T>, NotUsed> AsFlow<T>(this CancellationToken cancellationToken, bool cancelGracefully = false) =>
        new Graph<FlowShape<T, T>, NotUsed>(
            Layout.Stage("cancellationToken", _ => new CancellationTokenLogic<T>(cancellationToken, cancelGracefully)));
}
