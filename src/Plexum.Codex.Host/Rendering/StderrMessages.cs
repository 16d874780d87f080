using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Writes messages to standard error.</summary>
internal static class StderrMessages
{
    private const int StandardError = 2;

    private static volatile Action<Action>? _print;

    /// <summary>
    /// Writes a message, of which nothing drives a terminal. If standard error is closed or full, the message is lost and only the exit
    /// code remains.
    /// </summary>
    public static void Write(string sentence)
    {
        var text = VisibleText.Of(sentence);
        Print(() =>
        {
            try
            {
                Console.Error.WriteLine(text);
            }
            catch (Exception e) when (IsOfOutput(e))
            {
                Try(() => WriteDirectly(text));
            }
        });
    }

    /// <summary>
    /// Writes a sentence that asks for a key: in reverse video where the terminal has it, which no text of a model or another program can
    /// have.
    /// </summary>
    public static void Ask(string sentence) =>
        Print(() => Try(() => Consoles.Error().Line(sentence, new Style(decoration: Decoration.Invert))));

    /// <summary>
    /// From now on messages stand where something else writes to the same terminal: it is given what writes one and calls it between its
    /// own lines. Null for nothing.
    /// </summary>
    public static void Among(Action<Action>? print) => _print = print;

    /// <summary>Writes something that may be lost if it cannot be written.</summary>
    public static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (IsOfOutput(e))
        {
            // There is nowhere else to report it.
        }
    }

    // The console opens one more descriptor, of which there may be none.
    private static void WriteDirectly(string text)
    {
        using var handle = new SafeFileHandle(StandardError, ownsHandle: false);
        using var output = new FileStream(handle, FileAccess.Write, bufferSize: 0);
        output.Write(Encoding.UTF8.GetBytes(text + Environment.NewLine));
    }

    private static void Print(Action write)
    {
        if (_print is { } print)
        {
            print(write);
        }
        else
        {
            write();
        }
    }

    /// <summary>Whether the exception means that an output is closed, full or broken.</summary>
    public static bool IsOfOutput(Exception e) => e is IOException or UnauthorizedAccessException;
}
