using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Plexum.ActorKernel.Tests.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.KernelOnly.Event;

/// <summary>Akka.NET hands the lines that a logger has not got to yet to standard output when the system ends.</summary>
public sealed class LastLineSpecs : SystemTest
{
    [Fact]
    public async Task All_that_was_logged_before_the_end_reaches_the_logger()
    {
        const int Lines = 20_000;
        var system = Start($"akka.loggers = [\"{typeof(CountingLogger).AssemblyQualifiedName}\"]", silent: false);
        system.ActorOf(Props.Create(() => new Talker(Lines)));

        await system.Terminate().WaitAsync(Limit);

        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"last word {i}"), CountingLogger.Lines);
    }

    private sealed class Talker(int lines) : UntypedActor
    {
        protected override void PostStop()
        {
            for (var i = 0; i < lines; i++)
            {
                Context.GetLogger().Info("last word {0}", i);
            }
        }

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class CountingLogger : ReceiveActor
    {
        public static readonly ConcurrentQueue<string> Lines = new();

        public CountingLogger()
        {
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<Info>(line => line.LogClass == typeof(Talker), line => Lines.Enqueue(line.Message.ToString()!));
            ReceiveAny(_ => { });
        }
    }
}
