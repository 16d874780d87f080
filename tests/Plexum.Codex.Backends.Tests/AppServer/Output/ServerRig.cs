using System.Text;
using System.Text.Json;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

/// <summary>Feeds a mapper with what the server says and collects its events.</summary>
internal sealed class ServerRig(LoggedTurn? logged = null)
{
    public const string TurnId = "019a0000-0000-7000-8000-0000000000f1";

    public static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-000000000001");

    private readonly List<CanonicalEvent> _events = [];

    public ManualTime Time { get; } = new();

    public ServerTurnMapper Mapper => field ??= new ServerTurnMapper(Thread, logged ?? LoggedTurn.Nothing, Time) { Baseline = Usage.Zero };

    public IReadOnlyList<CanonicalEvent> Events => _events;

    public string Text => string.Concat(_events.OfType<CanonicalEvent.TextDelta>().Select(e => e.Text));

    /// <summary>A recorded turn, event by event.</summary>
    public static ServerRig Of(string file)
    {
        var rig = new ServerRig();
        rig.Feed(Lines(file));
        return rig;
    }

    public static string[] Lines(string file) =>
        Encoding.UTF8.GetString(Corpus.Read("app-server", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Feed(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            Mapper.Map(json.RootElement.GetProperty("method").GetString()!, json.RootElement.GetProperty("params"));
            Drain();
        }
    }

    public void Say(string method, string parameters) => Feed($$"""{"method":"{{method}}","params":{{parameters}}}""");

    public void Drain() => _events.AddRange(Mapper.Drain());

    public BackendEnd End(StopCause? stop = null, string? lost = null, RolloutFindings? findings = null)
    {
        Mapper.Close();
        Drain();
        return Mapper.Finish(new ServerTurnEnd(Thread, stop, null, findings ?? RolloutFindings.None) { Lost = lost });
    }
}
