using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.AppServer.Wire;

public sealed class WireMessageSpecs
{
    private static readonly string[] Pieces =
    [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"id\":",
        "\"method\":",
        "\"params\":",
        "\"result\":",
        "\"error\":",
        "\"code\":",
        "\"message\":",
        "1",
        "-1",
        "1e400",
        "99999999999999999999",
        "null",
        "true",
        "\"\"",
        "\"turn/started\"",
        "\"\\ud800\"",
        "\"\u00e9\"",
        "\0",
        "\uFEFF",
        " ",
        "\n",
    ];

    [Fact]
    public void No_text_makes_reading_a_message_fail() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements(Pieces)).ToArbitrary(), pieces =>
            {
                var bytes = Encoding.UTF8.GetBytes(string.Concat(pieces));
                _ = WireMessage.Read(bytes);
                _ = MessageHead.Read(bytes);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_bytes_make_reading_a_message_fail() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value)).ToArbitrary(), bytes =>
            {
                _ = WireMessage.Read(bytes);
                _ = MessageHead.Read(bytes);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Answers_notifications_and_questions_are_told_apart_whatever_else_they_have()
    {
        var result = Assert.IsType<WireMessage.Result>(Read("""{"new":[1],"id":7,"result":{"turn":{"id":"t"}},"jsonrpc":"2.0"}"""));
        var failure = Assert.IsType<WireMessage.Failure>(Read("""{"error":{"code":-32600,"message":"thread not found: x"},"id":8}"""));
        var told = Assert.IsType<WireMessage.Notification>(Read("""{"method":"a/b","params":{"threadId":"x"},"emittedAtMs":1}"""));
        var question = Assert.IsType<WireMessage.Question>(Read("""{"method":"item/tool/call","id":0,"params":{}}"""));

        Assert.Equal(7, result.Id);
        Assert.Equal((8, AppServerFaultKind.NoSuchThread), (failure.Id, failure.Fault.Kind));
        Assert.Equal("x", told.Parameters.GetProperty("threadId").GetString());
        Assert.Equal(0, question.Id.GetInt32());
        Assert.IsType<WireMessage.Result>(Read("""{"id":7,"result":null}"""));
        Assert.IsType<WireMessage.Result>(Read("""{"id":7,"error":null}"""));
        Assert.IsType<WireMessage.Notification>(Read("""{"method":"a","id":null}"""));
        Assert.Equal(JsonValueKind.Undefined, Assert.IsType<WireMessage.Notification>(Read("""{"method":"a"}""")).Parameters.ValueKind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"id":"seven","result":1}""")]
    [InlineData("""{"id":1.5,"result":1}""")]
    [InlineData("""{"method":7}""")]
    public void What_is_no_message_is_unreadable(string text) => Assert.IsType<WireMessage.Unreadable>(Read(text));

    [Fact]
    public void The_beginning_of_a_message_tells_whose_it_is()
    {
        Assert.Equal(new MessageHead(12, null), MessageHead.Read("""{"id":12,"result":{"id":13,"text":"xxxx"""u8));
        Assert.Equal(new MessageHead(null, "item/completed"), MessageHead.Read("""{"method":"item/completed","params":{"a":[["""u8));
        Assert.Equal(new MessageHead(3, "a"), MessageHead.Read("""{"params":{"method":"no","id":9},"method":"a","id":3}"""u8));
        Assert.Equal(default, MessageHead.Read("""{"result":{"""u8));
    }

    [Theory]
    [InlineData(-32600, "thread 1 already has an active writer", AppServerFaultKind.Busy)]
    [InlineData(-32600, "no rollout found for thread id 1", AppServerFaultKind.NotFound)]
    [InlineData(-32600, "no archived rollout found for thread id 1", AppServerFaultKind.NotFound)]
    [InlineData(-32600, "session 1 is archived. Run `codex unarchive 1`", AppServerFaultKind.Archived)]
    [InlineData(-32600, "thread not found: 1", AppServerFaultKind.NoSuchThread)]
    [InlineData(-32600, "no active turn to steer", AppServerFaultKind.NoActiveTurn)]
    [InlineData(-32600, "expected active turn id `a` but found `b`", AppServerFaultKind.NoActiveTurn)]
    [InlineData(-32600, "Server is draining; retry after reconnecting", AppServerFaultKind.Draining)]
    [InlineData(-32602, "Input exceeds the maximum length of 1048576 characters.", AppServerFaultKind.TooLarge)]
    [InlineData(-32001, "Server overloaded; retry later.", AppServerFaultKind.Overloaded)]
    [InlineData(-32001, "Later.", AppServerFaultKind.Overloaded)]
    [InlineData(-32603, "required MCP servers failed to initialize: a", AppServerFaultKind.Configuration)]
    [InlineData(-32600, "something new", AppServerFaultKind.Other)]
    [InlineData(-1, "", AppServerFaultKind.Other)]
    public void Errors_are_told_apart_by_their_words_and_codes(long code, string message, AppServerFaultKind kind)
    {
        var fault = FaultWords.Of(code, message, default);

        Assert.Equal((kind, code), (fault.Kind, fault.Code));
        Assert.NotEmpty(fault.Message);
    }

    [Fact]
    public void A_list_of_all_methods_is_shortened() =>
        Assert.InRange(FaultWords.Of(-32600, new string('x', 100_000), default).Message.Length, 100, 3000);

    private static WireMessage Read(string text) => WireMessage.Read(Encoding.UTF8.GetBytes(text));
}
