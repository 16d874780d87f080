using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Event;

/// <summary>A logger that keeps its lines. Only one test uses it.</summary>
public sealed class KeepingLogger : ReceiveActor
{
    public static readonly Channel<LogEvent> Lines = Channel.CreateUnbounded<LogEvent>();
    private bool _initialized;

    public KeepingLogger()
    {
        Receive<InitializeLogger>(message =>
        {
            Assert.NotNull(message.LoggingBus);
            _initialized = true;
            Sender.Tell(new LoggerInitialized());
        });
        Receive<LogEvent>(_ => _initialized, line => Lines.Writer.TryWrite(line));
    }
}
