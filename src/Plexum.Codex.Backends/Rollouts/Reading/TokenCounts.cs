using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>Codex's object of token counts, which is the same on its stdout and in rollouts.</summary>
internal static class TokenCounts
{
    /// <summary>Reads the object; false for any other value, which is skipped.</summary>
    public static bool TryRead(ref JsonCursor cursor, ref Usage usage)
    {
        if (cursor.Peek() != (byte)'{')
        {
            cursor.SkipValue();
            return false;
        }

        long input = 0,
            output = 0,
            cached = 0,
            reasoning = 0;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("input_tokens"u8))
            {
                cursor.TakeCount(out input);
            }
            else if (name.Is("output_tokens"u8))
            {
                cursor.TakeCount(out output);
            }
            else if (name.Is("cached_input_tokens"u8))
            {
                cursor.TakeCount(out cached);
            }
            else if (name.Is("reasoning_output_tokens"u8))
            {
                cursor.TakeCount(out reasoning);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        usage = new Usage(input, output, cached, reasoning);
        return true;
    }
}
