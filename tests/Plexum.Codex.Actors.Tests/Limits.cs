namespace Plexum.Codex;

/// <summary>How long a test waits for what must come.</summary>
internal static class Limits
{
    public static TimeSpan Wait { get; } = TimeSpan.FromSeconds(60);

    public static Task<T> WithinLimit<T>(this Task<T> task) => task.WaitAsync(Wait);

    public static Task WithinLimit(this Task task) => task.WaitAsync(Wait);
}
