using System.Collections.Concurrent;
using System.Text;

namespace Plexum.Codex.Host.Logging;

public sealed class LineQueueSpecs
{
    private readonly ConcurrentQueue<string> _written = new();
    private readonly ConcurrentQueue<string> _failures = new();

    [Fact]
    public void A_line_is_written_when_it_has_been_added()
    {
        using var lines = new LineQueue(Write, _failures.Enqueue);

        lines.Append("one"u8.ToArray());

        Assert.Equal(["one"], _written);
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_stops_nobody_and_what_fits_is_written_later()
    {
        using var answers = new ManualResetEventSlim();
        using var lines = new LineQueue(
            bytes =>
            {
                answers.Wait();
                Write(bytes);
            },
            _failures.Enqueue
        )
        {
            Limit = TimeSpan.FromMilliseconds(1),
        };

        // The first of them is being written and waits no more.
        for (var line = 0; line < LineQueue.MaxWaiting + 11; line++)
        {
            lines.Append("x"u8.ToArray());
        }

        Assert.Empty(_written);
        answers.Set();
        await Limits.UntilAsync(() => _written.Count >= LineQueue.MaxWaiting && !_failures.IsEmpty);
        Assert.Contains("lines were left out", Assert.Single(_failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_told_and_the_next_line_is_tried()
    {
        var fails = true;
        using var lines = new LineQueue(bytes => Write(fails ? throw new IOException("The disk is full.") : bytes), _failures.Enqueue);

        lines.Append("lost"u8.ToArray());
        fails = false;
        lines.Append("next"u8.ToArray());

        Assert.Equal(["The disk is full."], _failures);
        Assert.Equal(["next"], _written);
    }

    private void Write(byte[] bytes) => _written.Enqueue(Encoding.UTF8.GetString(bytes));
}
