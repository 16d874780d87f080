namespace Plexum.Codex.Host.Terminals;

public sealed class FullScreenSpecs : IDisposable
{
    private static readonly ScreenLine[] Two = [new("title", LineLook.Title), new("text")];

    private readonly StringWriter _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void Nothing_is_written_while_nothing_changes()
    {
        var screen = new FullScreen(_terminal, hasColors: true);
        screen.Show(Two);
        Assert.Contains("\u001b[1mtitle\u001b[0m\r\n", Written(), StringComparison.Ordinal);

        screen.Show([.. Two]);
        Assert.Equal("", Written());

        screen.Forget();
        screen.Show(Two);
        Assert.Contains("text", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_are_no_longer_shown_are_cleared()
    {
        var screen = new FullScreen(_terminal, hasColors: false);
        screen.Show(Two);
        Written();

        screen.Show([new ScreenLine("only")]);

        Assert.EndsWith("\u001b[2Konly\r\n\u001b[2K\u001b[?7h", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_terminal_is_given_back_once_and_taken_again()
    {
        var screen = new FullScreen(_terminal, hasColors: false);
        screen.Leave();
        Assert.Equal("", Written());

        screen.Show(Two);
        Assert.StartsWith("\u001b[?1049h\u001b[?25l", Written(), StringComparison.Ordinal);
        screen.Leave();
        screen.Leave();
        Assert.Equal("\u001b[?25h\u001b[?1049l", Written());

        screen.Show(Two);
        Assert.StartsWith("\u001b[?1049h\u001b[?25l", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_that_is_given_back_for_good_is_not_taken_again()
    {
        var screen = new FullScreen(_terminal, hasColors: false);
        screen.Show(Two);
        Written();

        screen.Close();
        Assert.Equal("\u001b[?25h\u001b[?1049l", Written());
        screen.Show([new ScreenLine("late")]);
        screen.Close();
        Assert.Equal("", Written());
    }

    private string Written()
    {
        var written = _terminal.ToString();
        _terminal.GetStringBuilder().Clear();
        return written;
    }
}
