using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// The end of what running commands have printed. Codex tells it in thousands of pieces (30 MB in 4,829 of them, measured on 0.169.0), of
/// which a reader gets the end now and then. Not thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class CommandOutputs(TimeProvider time)
{
    private const int MaxCharacters = 4 * 1024;

    /// <summary>How long an activity's update waits for more at least.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, Command> _commands = new(StringComparer.Ordinal);

    /// <summary>Whether some output is not told yet.</summary>
    public bool HasMore { get; private set; }

    /// <summary>A command has begun.</summary>
    public void Begin(string id, JsonElement item) => _commands[id] = new Command(item.Clone(), time.GetTimestamp());

    /// <summary>A command has printed something.</summary>
    public void Add(string id, string text)
    {
        if (_commands.TryGetValue(id, out var command))
        {
            command.Add(text);
            HasMore = true;
        }
    }

    /// <summary>A command has ended; its item has the output.</summary>
    public void End(string id)
    {
        _commands.Remove(id);
        HasMore &= _commands.Count > 0;
    }

    /// <summary>Forgets all commands.</summary>
    public void Clear()
    {
        _commands.Clear();
        HasMore = false;
    }

    /// <summary>Adds what is due.</summary>
    public void TellTo(PendingEvents events)
    {
        HasMore = false;
        foreach (var (id, command) in _commands)
        {
            if (command.IsChanged && time.GetElapsedTime(command.ToldAt) >= Interval)
            {
                events.AddUpdate(id, ServerItem.ToActivity(command.Item, command.Take()));
                command.ToldAt = time.GetTimestamp();
            }

            HasMore |= command.IsChanged;
        }
    }

    private sealed class Command(JsonElement item, long begun)
    {
        private readonly StringBuilder _end = new();
        private long _cut;

        public JsonElement Item { get; } = item;

        public long ToldAt { get; set; } = begun;

        public bool IsChanged { get; private set; }

        public void Add(string text)
        {
            IsChanged = true;
            _end.Append(text.Length > MaxCharacters ? text.AsSpan(text.Length - MaxCharacters) : text);
            _cut += Math.Max(0, text.Length - MaxCharacters);
            if (_end.Length > 2 * MaxCharacters)
            {
                _cut += _end.Length - MaxCharacters;
                _end.Remove(0, _end.Length - MaxCharacters);
            }
        }

        public string Take()
        {
            IsChanged = false;
            return _cut == 0 ? _end.ToString() : string.Create(CultureInfo.InvariantCulture, $"[… {_cut} characters cut …]\n{_end}");
        }
    }
}
