using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading.Fields;

/// <summary>
/// The windows of an account's allowance in a rollout: <c>primary</c> and <c>secondary</c>, and any other that looks like one, whatever
/// its name and wherever it stands. What cannot be read is named, so that readers are told.
/// </summary>
internal static class RateLimitFields
{
    private const int MaxDepth = 8;

    /// <summary>Reads <c>rate_limits</c>.</summary>
    /// <param name="cursor">At the value.</param>
    /// <param name="written">The raw time of the record, to which a window may be relative.</param>
    /// <param name="problem">The name of a field that could not be read.</param>
    /// <returns>Null if no window could be read.</returns>
    public static RateLimits? Read(ref JsonCursor cursor, scoped ReadOnlySpan<byte> written, ref string? problem)
    {
        var isObject = cursor.Peek() == (byte)'{';
        var json = cursor.TakeRaw();
        if (!isObject)
        {
            problem = RateLimitWindowField.IsNull(json) ? problem : "rate_limits";
            return null;
        }

        var windows = default(Windows);
        ReadMembers(json, written, 0, ref windows, ref problem);
        return windows is { Primary: null, Secondary: null, Other: null }
            ? null
            : new RateLimits(windows.Primary, windows.Secondary) { Other = windows.Other };
    }

    private static void ReadMembers(
        ReadOnlySpan<byte> json,
        ReadOnlySpan<byte> written,
        int depth,
        ref Windows windows,
        ref string? problem
    )
    {
        var cursor = new JsonCursor(json);
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            var value = cursor.TakeRaw();
            if (value is [(byte)'{' or (byte)'[', ..])
            {
                ReadSection(name, value, written, depth + 1, ref windows, ref problem);
            }
            else if ((name.Is("primary"u8) || name.Is("secondary"u8)) && !RateLimitWindowField.IsNull(value))
            {
                problem = RateLimitWindowField.NameOf(name);
            }
        }
    }

    private static void ReadSection(
        JsonText name,
        ReadOnlySpan<byte> json,
        ReadOnlySpan<byte> written,
        int depth,
        ref Windows windows,
        ref string? problem
    )
    {
        var slot = SlotOf(name);
        if (json[0] == (byte)'[')
        {
            ReadList(name, json, written, depth, ref windows, ref problem);
            problem = slot == Slot.Other ? problem : RateLimitWindowField.NameOf(name);
        }
        else if (slot != Slot.Other || RateLimitWindowField.IsOne(json))
        {
            if (RateLimitWindowField.Read(json, written, ref problem) is { } window)
            {
                windows.Put(slot, window);
            }
        }
        else if (depth < MaxDepth)
        {
            ReadMembers(json, written, depth, ref windows, ref problem);
        }
        else
        {
            problem = RateLimitWindowField.NameOf(name);
        }
    }

    private static void ReadList(
        JsonText name,
        ReadOnlySpan<byte> json,
        ReadOnlySpan<byte> written,
        int depth,
        ref Windows windows,
        ref string? problem
    )
    {
        var cursor = new JsonCursor(json);
        cursor.EnterArray();
        while (cursor.NextElement())
        {
            var value = cursor.TakeRaw();
            if (value is [(byte)'{', ..])
            {
                ReadSection(name, value, written, depth + 1, ref windows, ref problem);
            }
        }
    }

    private static Slot SlotOf(JsonText name) =>
        name.Is("primary"u8) ? Slot.Primary
        : name.Is("secondary"u8) ? Slot.Secondary
        : RateLimitName.Plain(name) switch
        {
            "primarywindow" => Slot.Primary,
            "secondarywindow" => Slot.Secondary,
            _ => Slot.Other,
        };

    private enum Slot
    {
        Other,
        Primary,
        Secondary,
    }

    private struct Windows
    {
        public RateLimitWindow? Primary { get; private set; }

        public RateLimitWindow? Secondary { get; private set; }

        public RateLimitWindow? Other { get; private set; }

        public void Put(Slot slot, RateLimitWindow window)
        {
            if (slot == Slot.Primary && Primary is null)
            {
                Primary = window;
            }
            else if (slot == Slot.Secondary && Secondary is null)
            {
                Secondary = window;
            }
            else if (Other?.FreeAgainAt is not { } at || window.FreeAgainAt > at)
            {
                Other = window;
            }
        }
    }
}
