using System.Text.Json;
using Plexum.Codex.Events;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Output;

/// <summary>
/// The developer instructions of a thread, which codex takes only where a thread begins: one that is resumed keeps those that it has,
/// whatever a later turn says (measured on 0.169.0 and 0.171.0). They are in a developer's message before the first turn.
/// </summary>
internal static class KeptInstructions
{
    private const int MaxBytes = 256 * 1024;

    /// <summary>What readers should know about the instructions that a turn gives to a thread that it continues. File work.</summary>
    /// <param name="instructions">The instructions of the turn; null for none.</param>
    /// <param name="thread">The thread that the turn continues; null if it begins one.</param>
    /// <param name="rollout">The path of its rollout; null if it has none, as a thread that codex does not know.</param>
    /// <returns>Null if nothing is to be said: the thread began with the same ones.</returns>
    public static CanonicalEvent.Notice? NoticeOf(string? instructions, ThreadId? thread, string? rollout) =>
        instructions is null || thread is null || rollout is null || BeganWith(rollout, instructions)
            ? null
            : new CanonicalEvent.Notice(
                NoticeCodes.DeveloperInstructionsKept,
                $"The thread {thread} keeps the developer instructions that it began with, and those of this turn do not hold: codex takes "
                    + "them only where a thread begins. Send a turn with new_thread to have others."
            );

    // False where it cannot be known: what the notice says of the thread is true all the same.
    private static bool BeganWith(string rollout, string instructions)
    {
        using var file = RegularFile.TryOpenRead(rollout, followLinks: false, out _);
        if (file is null)
        {
            return false;
        }

        try
        {
            var bytes = new byte[MaxBytes];
            var length = RandomAccess.Read(file, bytes, 0);
            return IsIn(bytes.AsMemory(0, length), instructions);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsIn(ReadOnlyMemory<byte> head, string instructions)
    {
        while (head.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (IsIn(head[..end], instructions, out var isOver))
            {
                return true;
            }

            head = isOver ? default : head[(end + 1)..];
        }

        return false;
    }

    private static bool IsIn(ReadOnlyMemory<byte> line, string instructions, out bool isOver)
    {
        isOver = false;
        if (line.Span.IndexOf("\"message\""u8) < 0)
        {
            return false;
        }

        try
        {
            using var record = JsonDocument.Parse(line);
            if (
                record.RootElement.ValueKind != JsonValueKind.Object
                || !record.RootElement.TryGetProperty("payload", out var message)
                || !Is(message, "type", "message")
            )
            {
                return false;
            }

            // The instructions stand before the first answer of the model.
            isOver = Is(message, "role", "assistant");
            return Is(message, "role", "developer")
                && message.TryGetProperty("content", out var content)
                && content.ValueKind == JsonValueKind.Array
                && content.EnumerateArray().Any(part => part.ValueKind == JsonValueKind.Object && Is(part, "text", instructions));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Is(JsonElement parent, string name, string value) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var text)
        && text.ValueKind == JsonValueKind.String
        && text.ValueEquals(value);
}
