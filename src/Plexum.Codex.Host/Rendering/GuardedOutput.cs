namespace Plexum.Codex.Host.Rendering;

/// <summary>
/// Where a turn's events are shown. A turn does not depend on its being watched: when the output cannot be written any more,
/// because the disk is full or its reader has gone, that is said once, nothing more is written, and the turn goes on.
/// </summary>
/// <param name="show">Writes an event; it may fail with <see cref="IOException"/>.</param>
/// <param name="complain">Takes the one complaint.</param>
internal sealed class GuardedOutput(Action<ReadOnlyMemory<byte>> show, Action<string> complain)
{
    /// <summary>Whether something could not be written.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Shows an event.</summary>
    /// <param name="line">The event as it stands in the log.</param>
    /// <param name="log">The log, for the complaint.</param>
    public void Show(ReadOnlyMemory<byte> line, string log)
    {
        if (IsBroken)
        {
            return;
        }

        try
        {
            show(line);
        }
        catch (Exception e) when (Complaint.IsOfOutput(e))
        {
            IsBroken = true;
            complain($"The output cannot be written: {e.Message} The turn goes on; its events are in {log}");
        }
    }
}
