using Plexum.Codex.Events;

namespace Plexum.Codex.Host.History;

public sealed class LoggedEventsSpecs : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private string Log => _folder.File("events.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_events_after_one_are_read_with_their_numbers()
    {
        Append(1, new CanonicalEvent.TextDelta("one"));
        Append(2, new CanonicalEvent.TextDelta("two"));

        var events = await ReadAsync(after: 1);

        Assert.StartsWith("id: 2\nevent: event\ndata: {", events, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", events, StringComparison.Ordinal);
        Assert.DoesNotContain("id: 1\n", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_are_none_there_is_nothing_to_read()
    {
        Assert.Null(await LoggedEvents.OpenAsync(Log, 0, CancellationToken.None));

        Append(1, new CanonicalEvent.TextDelta("one"));

        Assert.Null(await LoggedEvents.OpenAsync(Log, 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_long_log_is_read_as_it_is_wanted()
    {
        const int Long = 200;
        for (var seq = 1; seq <= Long; seq++)
        {
            Append(seq, new CanonicalEvent.TextDelta(new string('x', 10_000)));
        }

        await using var events = await LoggedEvents.OpenAsync(Log, 0, CancellationToken.None);

        // What was read when the log was opened does not have it.
        Append(Long + 1, new CanonicalEvent.TextDelta("late"));
        using var reader = new StreamReader(events!);
        Assert.Contains($"id: {Long + 1}\n", await reader.ReadToEndAsync().WithinLimit(), StringComparison.Ordinal);
    }

    private async Task<string> ReadAsync(long after)
    {
        await using var events = await LoggedEvents.OpenAsync(Log, after, CancellationToken.None);
        using var reader = new StreamReader(events!);
        return await reader.ReadToEndAsync().WithinLimit();
    }

    private void Append(long seq, CanonicalEvent value) => File.AppendAllBytes(Log, [.. CanonicalJson.ToLine(seq, value), (byte)'\n']);
}
