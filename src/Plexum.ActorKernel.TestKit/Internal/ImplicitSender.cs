using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>Makes the tests' own actors the implicit senders of what tests tell.</summary>
internal static class ImplicitSender
{
    /// <summary>
    /// On this thread, and after each await of the test, the test actor is the sender; a test without one clears what an
    /// earlier test left. A probe changes nothing: the test that creates it goes on as before.
    /// </summary>
    internal static void Use(TestKitBase testKit, IActorRef testActor)
    {
        if (testKit is not INoImplicitSender)
        {
            ActorCell.Current = ((LocalActorRef)testActor).Cell;
        }
        else if (testKit is not TestProbe)
        {
            ActorCell.Current = null;
        }

        SynchronizationContext.SetSynchronizationContext(new SenderKeepingContext(ActorCell.Current));
    }

    /// <summary>Ends what <see cref="Use"/> began, so that the next test on this thread starts without a sender.</summary>
    internal static void Forget(IActorRef testActor)
    {
        if (ActorCell.Current is { } cell && cell.Self.Equals(testActor))
        {
            ActorCell.Current = null;
        }
    }

    private sealed class SenderKeepingContext(ActorCell? cell) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) =>
            ThreadPool.QueueUserWorkItem(static work => work.Context.Run(work.Callback, work.State), (Context: this, Callback: d, State: state), preferLocal: false);

        public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

        public override SynchronizationContext CreateCopy() => new SenderKeepingContext(cell);

        private void Run(SendOrPostCallback callback, object? state)
        {
            var (outerCell, outerContext) = (ActorCell.Current, Current);
            ActorCell.Current = cell;
            SetSynchronizationContext(this);
            try
            {
                callback(state);
            }
            finally
            {
                ActorCell.Current = outerCell;
                SetSynchronizationContext(outerContext);
            }
        }
    }
}
