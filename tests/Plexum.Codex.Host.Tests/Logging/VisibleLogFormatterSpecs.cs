using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Plexum.Codex.Host.Logging;

/// <summary>A value, a template or an exception comes from somebody who wants the log to look like something else.</summary>
public sealed class VisibleLogFormatterSpecs : IDisposable
{
    private const string Forged = "x\n2026-11-29 00:00:00.000 INF all is well\u001b[2J\u202e";

    private readonly Lines _lines = new();
    private readonly Logger _log;

    public VisibleLogFormatterSpecs() => _log = new LoggerConfiguration().WriteTo.Sink(_lines).CreateLogger();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("a quoted value {Value}")]
    [InlineData("a plain value {Value:l}")]
    public void S17_A_value_neither_begins_a_line_nor_drives_a_terminal(string template)
    {
        _log.Warning(template, Forged);

        var line = Assert.Single(_lines.All);
        Assert.Matches("^[0-9-]+ [0-9:.]+ WRN a (quoted|plain) value ", line);
        Assert.Contains("INF all is well", line, StringComparison.Ordinal);
        AssertVisible(line);
    }

    [Fact]
    public void S17_A_value_inside_a_list_or_an_object_is_made_visible_too()
    {
        _log.Warning("{@Object} {List}", new { Name = Forged }, new[] { Forged });

        AssertVisible(Assert.Single(_lines.All));
    }

    [Fact]
    public void S17_A_message_that_was_composed_before_is_one_line_as_well()
    {
        _log.Error(Forged);

        AssertVisible(Assert.Single(_lines.All));
    }

    [Fact]
    public void S17_The_lines_of_an_exception_are_indented()
    {
        _log.Error(new InvalidOperationException(Forged), "it failed");

        Assert.EndsWith(" ERR it failed", _lines.All[0], StringComparison.Ordinal);
        Assert.True(_lines.All.Count > 2);
        Assert.All(_lines.All.Skip(1), line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        Assert.All(_lines.All, AssertVisible);
    }

    [Fact]
    public void An_ordinary_line_looks_as_it_always_did()
    {
        _log.Information("codex: started turn={TurnId} run={Run}", "t1", 1);

        Assert.EndsWith(" INF codex: started turn=\"t1\" run=1", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    private static void AssertVisible(string line) => Assert.DoesNotContain(line, c => char.IsControl(c) || c == '\u202e');

    private sealed class Lines : ILogEventSink
    {
        private readonly VisibleLogFormatter _formatter = new();

        public List<string> All { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            using var writer = new StringWriter { NewLine = "\n" };
            _formatter.Format(logEvent, writer);
            All.AddRange(writer.ToString().TrimEnd('\n').Split('\n'));
        }
    }
}
