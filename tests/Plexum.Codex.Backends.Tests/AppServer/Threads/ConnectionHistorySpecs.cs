using Microsoft.Extensions.Time.Testing;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>How soon a connection that broke is made again.</summary>
public sealed class ConnectionHistorySpecs
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_connection_that_lasted_is_made_again_at_once_and_one_that_breaks_again_waits_longer_each_time()
    {
        var history = new ConnectionHistory(_time);

        history.NoteServing();
        Assert.Equal(TimeSpan.Zero, history.NoteBreak());
        foreach (var pause in (int[])[100, 200, 400, 800, 1600, 3200, 5000, 5000])
        {
            history.NoteServing();
            Assert.Equal(pause, history.NoteBreak().TotalMilliseconds);
        }

        history.NoteServing();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, history.NoteBreak());
        Assert.False(history.IsHopeless);
    }

    [Fact]
    public void A_server_is_given_up_when_connection_after_connection_is_of_no_use()
    {
        var history = new ConnectionHistory(_time);
        for (var n = 0; n < 4; n++)
        {
            history.NoteBreak();
        }

        Assert.False(history.IsHopeless);
        history.NoteServing();
        for (var n = 0; n < 5; n++)
        {
            Assert.False(history.IsHopeless);
            history.NoteBreak();
        }

        history.NoteBreak();
        Assert.True(history.IsHopeless);
    }
}
