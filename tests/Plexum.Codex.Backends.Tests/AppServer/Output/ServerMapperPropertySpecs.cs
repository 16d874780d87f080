using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Events;

namespace Plexum.Codex.AppServer.Output;

public sealed class ServerMapperPropertySpecs
{
    private static readonly string[] Said =
    [
        .. ServerRig.Lines("0.169-work.jsonl"),
        .. ServerRig.Lines("0.171-steered.jsonl"),
        .. ServerRig.Lines("0.169-usage-limit.jsonl"),
        """{"method":"item/started","params":{"item":{"id":"\ud800","type":"commandExecution","command":"\udc00","status":7}}}""",
        """{"method":"item/completed","params":{"item":[]}}""",
        """{"method":"item/completed","params":{"item":{"type":"agentMessage","text":"\ud83d \n"}}}""",
        """{"method":"error","params":{"error":{"message":"x","codexErrorInfo":{"a":1,"httpConnectionFailed":{"httpStatusCode":1e99}}}}}""",
        """{"method":"turn/plan/updated","params":{"plan":[1,{"step":"a","status":"completed"}]}}""",
        """{"method":"account/rateLimits/updated","params":{"rateLimits":{"primary":{"usedPercent":"x"}}}}""",
        """{"method":"of/tomorrow","params":null}""",
    ];

    [Fact]
    public void What_the_server_says_in_any_order_is_mapped_to_events_that_can_be_read_back()
    {
        var turns = Gen.Elements(Said).ArrayOf();
        Prop.ForAll(turns.ToArbitrary(), IsWellFormed).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(80));
    }

    [Fact]
    public void Whichever_pieces_are_missing_the_texts_of_finished_items_are_whole()
    {
        var lines = ServerRig.Lines("0.169-work.jsonl");
        var kept = Gen.Elements(true, false).ArrayOf(lines.Length);
        Prop.ForAll(kept.ToArbitrary(), keeps => IsWhole([.. lines.Where((line, at) => keeps[at] || !MayBeMissing(line))]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static bool MayBeMissing(string line) =>
        line.Contains("item/started", StringComparison.Ordinal) || line.Contains("elta\"", StringComparison.Ordinal);

    private static bool IsWhole(string[] lines)
    {
        var rig = new ServerRig();
        rig.Feed(lines);
        var discarded = rig.Events.OfType<CanonicalEvent.Notice>().Any(e => e.Code == NoticeCodes.TextDiscarded);
        return discarded ? rig.Text.Contains("All done.", StringComparison.Ordinal) : rig.Text == "I look.All done.";
    }

    private static bool IsWellFormed(string[] lines)
    {
        var rig = new ServerRig();
        rig.Feed(lines);
        rig.End();
        return rig.Events.All(CanBeReadBack);
    }

    private static bool CanBeReadBack(CanonicalEvent value)
    {
        var line = CanonicalJson.ToLine(7, value);
        if (value is CanonicalEvent.Activity activity)
        {
            using var item = JsonDocument.Parse(activity.Item);
        }

        return !line.AsSpan().ContainsAny((byte)'\n', (byte)'\r')
            && CanonicalJsonReader.TryRead(line, out _, out var read)
            && read.GetType() == value.GetType();
    }
}
