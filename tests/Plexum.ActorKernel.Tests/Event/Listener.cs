using System.Threading.Channels;
using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Event;

/// <summary>An actor that keeps what it gets, and the test's end of it.</summary>
internal sealed class Listener
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Channel<(object Message, IActorRef Sender)> _received =
        Channel.CreateUnbounded<(object, IActorRef)>();

    public Listener(ActorSystem system) => Ref = system.ActorOf(Props.Create(() => new Keeper(_received)));

    public IActorRef Ref { get; }

    public async Task<(object Message, IActorRef Sender)> NextWithSender() =>
        await _received.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public async Task<T> Next<T>() => Assert.IsAssignableFrom<T>((await NextWithSender()).Message);

    /// <summary>All that comes before the first message that fits, and that one at the end.</summary>
    public async Task<List<object>> Until(Predicate<object> last)
    {
        var all = new List<object>();
        do
        {
            all.Add((await NextWithSender()).Message);
        }
        while (!last(all[^1]));

        return all;
    }

    private sealed class Keeper : ReceiveActor
    {
        public Keeper(Channel<(object, IActorRef)> received) =>
            ReceiveAny(message => received.Writer.TryWrite((message, Sender)));
    }
}
