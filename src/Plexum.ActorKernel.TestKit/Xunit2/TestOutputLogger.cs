using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Writes what a system logs, from <c>akka.loglevel</c> up, to the output of a test.</summary>
public class TestOutputLogger : ReceiveActor
{
    private readonly ITestOutputHelper _output;

    /// <summary>Creates it for the output of one test.</summary>
    public TestOutputLogger(ITestOutputHelper output)
    {
        _output = output;
        Receive<LogEvent>(Write);
        Receive<InitializeLogger>(initialize =>
        {
            initialize.LoggingBus.Subscribe(Self, typeof(LogEvent));
            Sender.Tell(new LoggerInitialized());
        });
    }

    private void Write(LogEvent logEvent)
    {
        string text;
        try
        {
            text = logEvent.ToString()!;
        }
        catch (FormatException e)
        {
            text = $"A log template does not fit its arguments ({e.Message}): {Describe(logEvent)}";
        }

        try
        {
            _output.WriteLine(text);
        }
        catch (InvalidOperationException)
        {
            // The test has ended, and xunit takes nothing more from it.
            Context.Stop(Self);
        }
    }

    private static string Describe(LogEvent logEvent) => logEvent.Message is LogMessage message
        ? $"Log level: [{logEvent.LogLevel()}], Template: [{message.Format}], args: [{string.Join(",", message.Unformatted())}]"
        : $"Log level: [{logEvent.LogLevel()}], from [{logEvent.LogSource}]";
}
