using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>Pairs of actors throw one message object to and fro, 1,000 times in flight per pair, as in Akka.NET's own PingPong.</summary>
internal static class PingPong
{
    private const int InFlight = 1_000;
    private const int Rounds = 3;

    private static readonly object s_ball = new();

    public static async Task RunAsync(Meter meter, int pairs)
    {
        using var system = BenchSystem.Create();
        await meter.RoundsAsync(Rounds, "msg", async () =>
        {
            var players = Enumerable.Range(0, pairs).Select(_ =>
            {
                var done = BenchSystem.Signal();
                var wall = system.ActorOf(Props.Create<Echo>());
                // Half of the messages are the answers.
                return (Ref: system.ActorOf(Props.Create(() => new Player(wall, meter.Size / 2 / pairs, done))), wall, done);
            }).ToArray();
            foreach (var player in players)
            {
                player.Ref.Tell(Serve.Instance);
            }

            await Task.WhenAll(players.Select(player => player.done.Task));
            foreach (var player in players)
            {
                system.Stop(player.Ref);
                system.Stop(player.wall);
            }
        });
        await system.Terminate();
    }

    private sealed class Serve
    {
        public static readonly Serve Instance = new();
    }

    private sealed class Player(IActorRef wall, long balls, TaskCompletionSource done) : UntypedActor
    {
        private long _sent;
        private long _received;

        protected override void OnReceive(object message)
        {
            if (message is Serve)
            {
                for (_sent = 0; _sent < Math.Min(InFlight, balls); _sent++)
                {
                    wall.Tell(s_ball);
                }

                return;
            }

            _received++;
            if (_sent < balls)
            {
                _sent++;
                wall.Tell(message);
            }
            else if (_received == balls)
            {
                done.SetResult();
            }
        }
    }
}
