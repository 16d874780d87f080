using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;
using AkkaLevel = Akka.Event.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Plexum.ActorKernel.Tests.Hosting;

public sealed class HostLoggingSpecs : HostTest
{
    [Fact]
    public async Task Lines_of_actors_reach_the_log_of_the_host_with_level_source_and_cause()
    {
        await Start((builder, _) => builder.ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.LogLevel = AkkaLevel.DebugLevel;
            loggers.AddLoggerFactory();
        }));
        var cause = new InvalidOperationException("broken");

        await Talk(cause);

        var lines = await Lines();
        Assert.Equal(
            [LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error],
            lines.Select(line => line.Level));
        Assert.All(lines, line => Assert.Contains("[akka://hosted/user/talker] took ", line.Text, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal("Akka.Actor.ActorSystem", line.Category));
        Assert.Equal([null, null, null, cause], lines.Select(line => line.Cause));
    }

    [Fact]
    public async Task Lines_below_the_level_do_not_reach_it()
    {
        await Start((builder, _) => builder.ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.LogLevel = AkkaLevel.WarningLevel;
            loggers.AddLoggerFactory();
        }));

        await Talk(new InvalidOperationException("broken"));

        Assert.Equal([LogLevel.Warning, LogLevel.Error], (await Lines()).Select(line => line.Level));
    }

    [Fact]
    public async Task A_factory_of_ones_own_gets_the_lines()
    {
        using var own = new CapturedLog();
        using var factory = new LoggerFactory([own]);
        await Start((builder, _) => builder.ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.AddLoggerFactory(factory);
        }));

        await Talk(new InvalidOperationException("broken"));

        await Until(() => own.Lines.Any(line => line.Level == LogLevel.Error));
        Assert.DoesNotContain(Log.Lines, line => line.Category == "Akka.Actor.ActorSystem");
    }

    private static async Task Until(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "It did not come to pass.");
            await Task.Yield();
        }
    }

    private async Task Talk(Exception cause)
    {
        var talker = ActorSystem.ActorOf(Props.Create(() => new Talker()), "talker");
        Assert.Equal("said", await talker.Ask<string>(cause, Limit));
    }

    private async Task<List<CapturedLog.Line>> Lines()
    {
        await Until(() => Log.Lines.Any(line => line.Level == LogLevel.Error));
        return [.. Log.Lines.Where(line => line.Text.Contains("took", StringComparison.Ordinal))];
    }

    private sealed class Talker : ReceiveActor
    {
        public Talker() => Receive<Exception>(cause =>
        {
            var log = Context.GetLogger();
            log.Debug("took {0} ms", 1);
            log.Info("took {0} ms", 2);
            log.Warning("took {0} ms", 3);
            log.Error(cause, "took {0} ms", 4);
            Sender.Tell("said");
        });
    }
}
