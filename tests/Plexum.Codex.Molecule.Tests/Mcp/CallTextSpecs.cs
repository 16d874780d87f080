using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule.Mcp;

public sealed class CallTextSpecs
{
    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""", "ab")]
    [InlineData("""{"content":[],"structuredContent":{"answer":42}}""", """{"answer":42}""")]
    [InlineData("""{"structuredContent":{"answer":42}}""", """{"answer":42}""")]
    [InlineData("""{"content":null,"structuredContent":[1,"x"]}""", """[1,"x"]""")]
    [InlineData("""{"content":[{"type":"text","text":" "}],"structuredContent":7}""", "7")]
    [InlineData("""{"content":[{"type":"text","text":"said"}],"structuredContent":{"answer":42}}""", "said")]
    [InlineData("""{"content":[{"type":"image","data":"","mimeType":"image/png"}],"structuredContent":{"a":1}}""", """{"a":1}""")]
    [InlineData("""{"content":[],"structuredContent":{"result":"Message sent to user"}}""", "Message sent to user")]
    [InlineData("""{"content":[],"structuredContent":{"result":[{"activity_id":"a"}]}}""", """[{"activity_id":"a"}]""")]
    [InlineData("""{"content":[],"structuredContent":{"result":"x","more":1}}""", """{"result":"x","more":1}""")]
    [InlineData("""{"content":[],"structuredContent":{"why":"no"},"isError":true}""", """Error: {"why":"no"}""")]
    [InlineData("""{"content":[{"type":"text","text":"Error: no"}],"isError":true}""", "Error: no")]
    [InlineData("""{"content":[]}""", "")]
    [InlineData("""{"content":[7,null,"x",{"text":7}],"structuredContent":null}""", "")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    public void A_result_s_text_is_found_wherever_the_server_put_it(string result, string text) =>
        Assert.Equal(text, CallText.Of(JsonNode.Parse(result)));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task What_a_process_writes_is_made_whole_however_it_comes(int size)
    {
        byte[] written = [.. """{"a":"\ud800 \ud83d\ude00 \\ud800 \udc00","\ud83d":1}"""u8, (byte)'\n'];
        using var source = new MemoryStream(written);
        using var stream = new WholeTextStream(source);
        var read = new MemoryStream();
        var buffer = new byte[size];

        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            read.Write(buffer, 0, count);
        }

        Assert.Equal("""{"a":"\ufffd \ud83d\ude00 \\ud800 \ufffd","\ufffd":1}""" + "\n", Encoding.UTF8.GetString(read.ToArray()));
    }
}
