using System.Text;
using Plexum.Codex.Rollouts.Locating;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>Calls of the host's tools without a relay, in lines that codex 0.169.0 wrote.</summary>
public sealed class DynamicCallSpecs
{
    [Theory]
    [InlineData("failed", "false", true)]
    [InlineData("completed", "true", false)]
    public void A_call_has_the_namespace_and_the_outcome_that_it_has_by_the_relay(string status, string success, bool failed)
    {
        var call = Only(
            """{"timestamp":"t","ordinal":10,"type":"response_item","payload":{"type":"function_call","id":"fc_4","name":"get","""
                + "\"namespace\":\"plexum-host-alice\",\"arguments\":\"{\\\"key\\\":\\\"k\\\"}\",\"call_id\":\"call_t4\"}}",
            """{"timestamp":"t","ordinal":11,"type":"event_msg","payload":{"type":"item_completed","thread_id":"x","turn_id":"y","item":"""
                + """{"type":"DynamicToolCall","id":"call_t4","namespace":"plexum-host-alice","tool":"get","arguments":{"key":"k"},"""
                + $"\"status\":\"{status}\",\"content_items\":[{{\"type\":\"inputText\",\"text\":\"said\"}}],\"success\":{success},"
                + "\"duration\":{\"secs\":0,\"nanos\":1}}}}",
            """{"timestamp":"t","ordinal":12,"type":"response_item","payload":{"type":"function_call_output","id":"fco_1","""
                + "\"call_id\":\"call_t4\",\"output\":\"said\"}}"
        );

        Assert.Equal(
            ("call_t4", "get", "mcp__plexum_host_alice", "said", failed),
            (call.Id, call.Name, call.Namespace, call.Output, call.Failed)
        );
    }

    [Fact]
    public void The_namespace_of_another_tool_is_its_own()
    {
        var call = Only(
            """{"timestamp":"t","ordinal":10,"type":"response_item","payload":{"type":"function_call","name":"get","""
                + "\"namespace\":\"mcp__my-notes\",\"arguments\":\"{}\",\"call_id\":\"c\"}}",
            """{"timestamp":"t","ordinal":12,"type":"response_item","payload":{"type":"function_call_output","call_id":"c","output":"x"}}"""
        );

        Assert.Equal("mcp__my-notes", call.Namespace);
    }

    private static RecordedCall Only(params string[] lines)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("rollout");
        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")), new UTF8Encoding(false));
        using var file = File.OpenHandle(path);
        return Assert.Single(RolloutReading.Of(file, 0, RandomAccess.GetLength(file), new RolloutLimits(), 64 * 1024).ReadCalls());
    }
}
