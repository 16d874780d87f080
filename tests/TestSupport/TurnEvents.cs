namespace Plexum.Codex.TestSupport;

/// <summary>What specs ask of a turn's events.</summary>
public static class TurnEvents
{
    /// <summary>Their types.</summary>
    public static string[] Types(this IEnumerable<SseEvent> events) => [.. events.Select(e => e.Type)];

    /// <summary>The texts of the answer.</summary>
    public static string[] Texts(this IEnumerable<SseEvent> events) =>
        [.. events.Where(e => e.Type == "text_delta").Select(e => (string)e.Json["text"]!)];

    /// <summary>How the turn ended.</summary>
    public static string StopReason(this IReadOnlyList<SseEvent> events) => (string)events[^1].Json["stop_reason"]!;

    /// <summary>The thread that the turn ran in; null for none.</summary>
    public static string? Thread(this IReadOnlyList<SseEvent> events) => (string?)events[^1].Json["thread_id"];

    /// <summary>Checks that they are a whole turn: numbered from 1 without a gap, with one end, which is the last.</summary>
    public static void AreWhole(this IReadOnlyList<SseEvent> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => $"{number}"), events.Select(e => e.Id));
        Assert.Equal(events.Count - 1, events.Types().IndexOf("message_end"));
    }
}
