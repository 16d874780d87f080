using System.Text;
using Plexum.Codex.Json;

namespace Plexum.Codex.Rollouts.Reading.Fields;

/// <summary>
/// The text and the label of an agent's message in a rollout. Measured on 0.169.0 and 0.171.0: an <c>item_completed</c> with an
/// <c>AgentMessage</c>, whose <c>content</c> is a list of parts and whose <c>phase</c> is missing, <c>commentary</c> or
/// <c>final_answer</c>. Older versions write an <c>agent_message</c>, whose <c>message</c> is the text.
/// </summary>
internal static class MessageField
{
    /// <summary>The text: a string, or the texts of a list's parts one after the other, as codex joins them on its stdout.</summary>
    public static string TextOf(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        if (cursor.Peek() != (byte)'[')
        {
            return cursor.TakeTextOr(default).Decode();
        }

        var text = new StringBuilder();
        cursor.EnterArray();
        while (cursor.NextElement())
        {
            AppendPart(ref cursor, text);
        }

        return text.ToString();
    }

    /// <summary>Whether a message is the answer; null if the label says nothing known.</summary>
    public static bool? IsFinal(JsonText phase) =>
        phase.Is("final_answer"u8) ? true
        : phase.Is("commentary"u8) ? false
        : null;

    /// <summary>How a turn ended that has this answer; null if the JSON is neither a text nor <c>null</c>.</summary>
    public static RecordedEnd? EndOf(ReadOnlySpan<byte> answer)
    {
        if (answer is not [(byte)'"', ..])
        {
            return answer.SequenceEqual("null"u8) ? new RecordedEnd(null) : null;
        }

        var text = TextOf(answer);
        return new RecordedEnd(string.IsNullOrWhiteSpace(text) ? null : text);
    }

    private static void AppendPart(ref JsonCursor cursor, StringBuilder text)
    {
        if (cursor.Peek() != (byte)'{')
        {
            cursor.SkipValue();
            return;
        }

        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("text"u8))
            {
                text.Append(cursor.TakeTextOr(default).Decode());
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }
}
