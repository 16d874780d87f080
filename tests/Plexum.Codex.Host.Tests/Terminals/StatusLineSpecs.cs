using Microsoft.Extensions.Time.Testing;

namespace Plexum.Codex.Host.Terminals;

public sealed class StatusLineSpecs : IDisposable
{
    private readonly StringWriter _terminal = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void What_is_printed_stands_above_the_line_which_is_gone_at_the_end()
    {
        using (var status = new StatusLine(_terminal, _time, () => "working"))
        {
            status.Print(() => _terminal.Write("printed\n"));
        }

        Assert.EndsWith("printed\n\r\u001b[2Kworking\r\u001b[2K", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(10)]
    public void What_a_terminal_shows_for_two_presses_of_Ctrl_C_fits_behind_it(int width) =>
        Assert.True(StatusLine.RoomIn(width) + "^C^C".Length < width);

    [Fact]
    public void The_line_is_written_when_it_changes()
    {
        var text = "one";
        using var status = new StatusLine(_terminal, _time, () => text);
        status.Print(() => { });
        _terminal.GetStringBuilder().Clear();

        text = "two";
        status.Print(() => { });

        Assert.EndsWith("\r\u001b[2Ktwo", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_moves_the_line_and_nothing_is_written_while_it_is_the_same()
    {
        var text = "one";
        using var status = new StatusLine(_terminal, _time, () => text);
        _time.Advance(TimeSpan.FromSeconds(1));
        _terminal.GetStringBuilder().Clear();

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", _terminal.ToString());

        text = "two";
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("\r\u001b[2Ktwo", _terminal.ToString());
    }
}
