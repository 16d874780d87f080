using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Backend;
using Plexum.Codex.Json;

namespace Plexum.Codex.Rollouts.Rewriting;

/// <summary>
/// The tools of a host that a thread was begun with, in the first record of its rollout:
/// <code>{…,"type":"session_meta","payload":{…,"dynamic_tools":[{"type":"namespace","name":"plexum-host-alice",…}],…}}</code>
/// Codex offers them to the model in every turn, also with <c>codex exec</c>, which cannot call them. It reads them from there and nowhere
/// else, and passes over a member that it does not know, so tools are hidden by another name of the same length, which keeps every byte at
/// its position (measured on 0.169.0 and 0.171.0).
/// </summary>
/// <param name="NameAt">The offset of the member's name, with its quotes.</param>
/// <param name="IsShown">Whether codex sees them.</param>
/// <param name="Tools">The tools.</param>
internal sealed record ToolSlot(long NameAt, bool IsShown, JsonArray Tools)
{
    private static readonly byte[] Shown = "\"dynamic_tools\""u8.ToArray();
    private static readonly byte[] Hidden = "\"plexum_hidden\""u8.ToArray();

    /// <summary>Finds them; null if the thread was not begun with a host's tools.</summary>
    /// <param name="file">The rollout.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ToolSlot? Find(SafeFileHandle file)
    {
        using var framer = new JsonlFramer(RolloutRewrites.MaxLineBytes);
        long offset = 0;
        while (true)
        {
            var read = RandomAccess.Read(file, framer.GetMemory().Span, offset);
            offset += read;
            framer.Advance(read);
            if (read == 0)
            {
                framer.Complete();
            }

            if (framer.TryRead(out var line))
            {
                return Find(line);
            }

            if (read == 0)
            {
                return null;
            }
        }
    }

    /// <summary>What shows or hides them.</summary>
    public LineRewrite Turned() => new(NameAt, Shown.Length, IsShown ? Hidden : Shown);

    private static ToolSlot? Find(JsonlLine line)
    {
        var json = new JsonCursor(line.Bytes);
        ToolSlot? found = null;
        var isMeta = false;
        if (!json.EnterObject())
        {
            return null;
        }

        while (json.NextMember(out var name))
        {
            if (name.Is("type"u8) && json.Peek() == (byte)'"')
            {
                isMeta = json.TakeString(out var type) && type.Is("session_meta"u8);
            }
            else if (name.Is("payload"u8) && json.Peek() == (byte)'{')
            {
                found = ReadPayload(ref json, line);
            }
            else
            {
                json.SkipValue();
            }
        }

        return isMeta && json.AtEnd() ? found : null;
    }

    private static ToolSlot? ReadPayload(scoped ref JsonCursor json, JsonlLine line)
    {
        ToolSlot? found = null;
        json.EnterObject();
        for (var before = json.Position; json.NextMember(out _); before = json.Position)
        {
            var member = line.Bytes[before..json.Position];
            var at = member.IndexOf((byte)'"');
            var isShown = member[at..].StartsWith(Shown);
            if (isShown || member[at..].StartsWith(Hidden))
            {
                found = Parse(json.TakeRaw()) is { } tools ? new ToolSlot(line.Offset + before + at, isShown, tools) : null;
            }
            else
            {
                json.SkipValue();
            }
        }

        return found;
    }

    // Another program's tools are its own.
    private static JsonArray? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonArray { Count: > 0 } tools && tools.All(IsOurs) ? tools : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsOurs(JsonNode? tool) =>
        tool is JsonObject one
        && one["type"] is JsonValue type
        && type.TryGetValue(out string? kind)
        && kind == "namespace"
        && one["name"] is JsonValue name
        && name.TryGetValue(out string? named)
        && ToolServerName.IsOne(named);
}
