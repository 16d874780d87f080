using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Event;

public sealed class LoggingSpecs : SystemTest
{
    [Fact]
    public async Task A_line_carries_level_text_source_class_and_cause()
    {
        var system = Start("akka.loglevel = DEBUG");
        var log = new Listener(system);
        system.EventStream.Subscribe<LogEvent>(log.Ref);
        var cause = new InvalidOperationException("broken");
        var talker = system.ActorOf(Props.Create(() => new Talker()), "talker");

        talker.Tell(cause);

        var lines = (await log.Until(m => m is Error)).Cast<LogEvent>().Where(l => l.LogClass == typeof(Talker)).ToList();
        Assert.Equal(
            [LogLevel.DebugLevel, LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel],
            lines.Select(l => l.LogLevel()));
        Assert.Equal(["bare", "one 1", "two 1 b", "six 1 2 3 4 5 6"], lines.Select(l => l.Message.ToString()));
        Assert.All(lines, l => Assert.Equal("akka://specs/user/talker", l.LogSource));
        Assert.Equal([null, cause, null, cause], lines.Select(l => l.Cause));
        Assert.Matches(@"^\[WARNING\]\[.*\]\[Thread \d{4,}\]\[akka://specs/user/talker\] two 1 b$", lines[2].ToString());
        Assert.Contains("broken", lines[3].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_below_the_level_are_not_published()
    {
        var system = Start("akka.loglevel = WARNING");
        var listener = new Listener(system);
        system.EventStream.Subscribe<LogEvent>(listener.Ref);
        var log = Logging.GetLogger(system, "somebody");

        log.Debug("no");
        log.Info("no {0}", 1);
        log.Warning("yes {0}", 1);

        Assert.False(log.IsInfoEnabled);
        Assert.False(log.IsEnabled(LogLevel.DebugLevel));
        Assert.True(log.IsEnabled(LogLevel.ErrorLevel));
        var line = await listener.Next<Warning>();
        Assert.Equal("yes 1", line.Message.ToString());
        Assert.Equal("somebody (akka://specs)", line.LogSource);
    }

    [Fact]
    public void A_line_below_the_level_allocates_nothing()
    {
        var log = Logging.GetLogger(Start("akka.loglevel = ERROR"), this);
        LogAll();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            LogAll();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void LogAll()
        {
            log.Debug("a");
            log.Debug("a {0}", 1);
            log.Info("a {0} {1}", 1, 2L);
            log.Info("a {0} {1} {2}", 1, 2L, DateTime.MinValue);
            log.Warning("a {0} {1} {2} {3} {4} {5}", 1, 2, 3, 4, 5, 6);
        }
    }

    [Fact]
    public async Task A_template_that_cannot_be_filled_fails_nobody()
    {
        var system = Start();
        var listener = new Listener(system);
        var log = Logging.GetLogger(system, this);
        system.EventStream.Subscribe<Info>(listener.Ref);

        log.Info("named {Name}", 1);
        log.Info("after");

        await listener.Next<Info>();
        Assert.Equal("after", (await listener.Next<Info>()).Message);
    }

    [Fact]
    public async Task A_configured_logger_is_initialized_first_and_then_gets_the_lines_at_its_level()
    {
        var system = Start($"akka.loggers = [\"{typeof(KeepingLogger).AssemblyQualifiedName}\"]\nakka.loglevel = INFO", silent: false);
        var log = Logging.GetLogger(system, "me");

        log.Debug("too low");
        log.Info("first");
        log.Error("second");

        var lines = new List<string>();
        while (lines.Count < 2)
        {
            var line = await KeepingLogger.Lines.Reader.ReadAsync().AsTask().WaitAsync(Limit);
            if (line.LogSource.StartsWith("me ", StringComparison.Ordinal))
            {
                lines.Add(line.Message.ToString()!);
            }
        }

        Assert.Equal(["first", "second"], lines);
    }

    [Fact]
    public void A_logger_that_does_not_exist_fails_the_start_and_is_named()
    {
        var e = Assert.Throws<ConfigurationException>(() => Start("akka.loggers = [\"No.Such, Thing\"]", silent: false));

        Assert.Contains("No.Such, Thing", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_level_fails_the_start_and_is_named()
    {
        var e = Assert.Throws<ArgumentException>(() => Start("akka.loglevel = LOUD"));

        Assert.Contains("LOUD", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("debug", LogLevel.DebugLevel, typeof(Debug))]
    [InlineData("Info", LogLevel.InfoLevel, typeof(Info))]
    [InlineData("WARNING", LogLevel.WarningLevel, typeof(Warning))]
    [InlineData("error", LogLevel.ErrorLevel, typeof(Error))]
    public void Levels_have_names_and_classes(string name, LogLevel level, Type type)
    {
        Assert.Equal(level, Logging.LogLevelFor(name));
        Assert.Equal(name.ToUpperInvariant(), level.StringFor());
        Assert.Equal(type, level.ClassFor());
    }

    private sealed class Talker : ReceiveActor
    {
        public Talker() => Receive<Exception>(cause =>
        {
            var log = Context.GetLogger();
            log.Debug("bare");
            log.Info(cause, "one {0}", 1);
            log.Warning("two {0} {1}", 1, "b");
            log.Error(cause, "six {0} {1} {2} {3} {4} {5}", 1, 2, 3, 4, 5, 6);
        });
    }
}
