using System.Text;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Standard output for the events of a turn, shown to people or passed on as they stand in the turn's log.</summary>
internal sealed class EventOutput : IAsyncDisposable
{
    private readonly Stream _stdout = Console.OpenStandardOutput();
    private readonly GuardedOutput _output;

    /// <param name="json">Whether the events are passed on as they are.</param>
    public EventOutput(bool json)
    {
        var answer = new StreamWriter(_stdout, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var printer = new TurnPrinter(answer, !Console.IsOutputRedirected, Consoles.Error());
        _output = new GuardedOutput(json ? line => WriteLine(_stdout, line.Span) : printer.Print, Complaint.Say);
    }

    /// <summary>Whether something could not be written.</summary>
    public bool IsBroken => _output.IsBroken;

    /// <summary>Shows an event.</summary>
    /// <param name="line">The event as it stands in the log.</param>
    /// <param name="log">The log, for the complaint.</param>
    public void Show(ReadOnlyMemory<byte> line, string log) => _output.Show(line, log);

    public ValueTask DisposeAsync() => _stdout.DisposeAsync();

    // One write a line, so that two programs that share an output do not tear each other's lines.
    private static void WriteLine(Stream output, ReadOnlySpan<byte> line) => output.Write([.. line, (byte)'\n']);
}
