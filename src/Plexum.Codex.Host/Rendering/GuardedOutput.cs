namespace Plexum.Codex.Host.Rendering;

/// <summary>
/// Shows a turn's events. When the output can no longer be written, because the disk is full or the reader is gone, that is reported
/// once and nothing more is written. The turn continues.
/// </summary>
/// <param name="show">Writes an event; it may fail with <see cref="IOException"/>.</param>
/// <param name="complain">Reports the failure, once.</param>
internal sealed class GuardedOutput(Action<ReadOnlyMemory<byte>> show, Action<string> complain)
{
    /// <summary>Whether a write has failed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Shows an event.</summary>
    /// <param name="line">The event's line in the log.</param>
    /// <param name="log">The path of the log, for the error message.</param>
    public void Show(ReadOnlyMemory<byte> line, string log) => Do(() => show(line), log);

    /// <summary>Writes something else.</summary>
    /// <param name="write">Writes it; it may fail with <see cref="IOException"/>.</param>
    /// <param name="log">The path of the log, for the error message.</param>
    public void Do(Action write, string log)
    {
        if (IsBroken)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception e) when (StderrMessages.IsOfOutput(e))
        {
            IsBroken = true;
            complain($"The output cannot be written: {e.Message} The turn continues; its events are in {log}");
        }
    }
}
