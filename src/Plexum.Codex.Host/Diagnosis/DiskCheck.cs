using System.Globalization;
using System.Runtime.CompilerServices;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Health.Probes;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>
/// Looks at the room where this program and codex write, and tries a write there. Neither waits for a file system that hangs.
/// </summary>
internal static class DiskCheck
{
    public const string Advice = "Free some space there, or move the directory to another disk.";
    public const string HangAdvice = "Check the disk, or the server of a network file system, and mount it anew.";

    public static async IAsyncEnumerable<Finding> RunAsync(
        Profile profile,
        ProgramSettings? settings,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var places = new[] { profile.Root, settings?.Exec.CodexHome, Path.GetTempPath() }.OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var place in places)
        {
            yield return await LookAsync(Path.TrimEndingDirectorySeparator(place), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Finding> LookAsync(string place, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var room = await FileWork
                .Run(() => Room(place))
                .WaitAsync(WriteProbe.DefaultLimit, time, cancellationToken)
                .ConfigureAwait(false);
            return await WriteAsync(place, time, cancellationToken).ConfigureAwait(false) ?? room;
        }
        catch (TimeoutException)
        {
            return new Finding($"The file system of {place} does not answer.", HangAdvice);
        }
    }

    private static Finding Room(string place)
    {
        var (room, problem) = new RoomProbe(place).Look();
        if (problem is not null || room is not { } free)
        {
            return new Finding(problem ?? $"The room on the file system of {place} is unknown.", Advice);
        }

        var files = free.FreeFiles is { } count ? string.Create(CultureInfo.InvariantCulture, $" and {count} files") : "";
        return new Finding($"{place} has room for {RoomProbe.Describe(free.FreeBytes)}{files}.");
    }

    // A directory that is still to be created is told elsewhere.
    private static async Task<Finding?> WriteAsync(string place, TimeProvider time, CancellationToken cancellationToken) =>
        Directory.Exists(place)
        && await new WriteProbe(place, time).TryAsync(WriteProbe.DefaultLimit, cancellationToken).ConfigureAwait(false) is { } why
            ? new Finding($"A write to {place} failed: {why}", Advice)
            : null;
}
