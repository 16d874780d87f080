using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Health.Probes;

/// <summary>
/// Tries to write to a directory: a new file with some bytes that reach the disk. What fails only then, such as a full disk, is not seen
/// by creating a file. A try that hangs, as on a network file system that is gone, is not repeated while it hangs. Thread-safe.
/// </summary>
/// <param name="write">Writes; the result says why that failed, as a sentence, and is null if it did not.</param>
/// <param name="time">The clock of the limit.</param>
internal sealed class WriteProbe(Func<Task<string?>> write, TimeProvider time)
{
    /// <summary>How long a try may take unless the caller says otherwise: a slow disk under load takes a second or two.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);

    private const int Bytes = 4096;

    private readonly OneAtATime<string?> _writing = new(write);

    /// <param name="directory">An existing directory.</param>
    /// <param name="time">The clock of the limit.</param>
    public WriteProbe(string directory, TimeProvider time)
        : this(() => FileWork.Run(() => Write(directory)), time) { }

    /// <summary>Whether a try has begun and not ended yet.</summary>
    public bool IsTrying => _writing.IsAsked;

    /// <summary>Tries it.</summary>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>Why it cannot be written to, as a sentence; null if it can.</returns>
    public async Task<string?> TryAsync(TimeSpan limit, CancellationToken cancellation = default)
    {
        try
        {
            return await _writing.AskAsync().WaitAsync(limit, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return FormattableString.Invariant($"a write did not finish within {limit.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>Writes to a directory, without a limit.</summary>
    /// <returns>Why that failed, as a sentence; null if it did not.</returns>
    public static string? Write(string directory)
    {
        var path = Path.Combine(directory, $".probe-{Guid.NewGuid():N}");
        try
        {
            using var file = OwnerOnly.CreateFile(path);

            // Without a name, nothing stays behind if this process is killed.
            File.Delete(path);
            file.Write(new byte[Bytes]);
            file.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // .NET names the file, which nobody has ever seen.
            var why = e.Message.Replace($" : '{path}'", "", StringComparison.Ordinal).Replace(path, directory, StringComparison.Ordinal);
            return why.EndsWith('.') ? why : why + ".";
        }
    }
}
