using System.Text;
using System.Text.Json.Nodes;

namespace FakeMolecule;

/// <summary>Standard output: a JSON object a line. The poller's notifications and the answers come from two threads.</summary>
internal sealed class WireOutput(StageFolder folder)
{
    private readonly Stream _stream = Console.OpenStandardOutput();
    private readonly Lock _gate = new();

    public void Write(JsonObject message) => Line(message.ToJsonString());

    /// <summary>A row came: the server tells its host of it, who need not care.</summary>
    public void NotifyOf(JsonObject row)
    {
        if (folder.TakeFault("notify") is { Word: "garbage" } garbage)
        {
            Line(garbage.Text);
        }

        Write(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = "notifications/claude/channel",
                ["params"] = new JsonObject
                {
                    ["content"] = $"[from {(string?)row["peer_id"]}] {(string?)row["text"]}\nReply with send_message_to_user.",
                    ["meta"] = new JsonObject
                    {
                        ["source"] = "molecule",
                        ["kind"] = (string?)row["kind"],
                        ["activity_id"] = (string?)row["activity_id"],
                    },
                },
            }
        );
    }

    public void Line(string text)
    {
        lock (_gate)
        {
            _stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            _stream.Flush();
        }
    }
}
