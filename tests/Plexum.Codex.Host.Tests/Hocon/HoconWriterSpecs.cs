namespace Plexum.Codex.Host.Hocon;

/// <summary>What is written.</summary>
public sealed class HoconWriterSpecs
{
    [Fact]
    public void Every_key_and_text_stands_in_quotes() =>
        Assert.Equal(
            """
            "a" : {
              "b.c" : "10s"
              "d" : {
              }
            }
            "e" : ["1", [], {
              "f" : null
            }]

            """,
            HoconDocument.Parse("a { \"b.c\" = 10s, d {} }\ne = [1, [], { f = null }]").ToHocon()
        );

    [Fact]
    public void Characters_that_would_end_a_quoted_text_are_escaped() =>
        Assert.Equal("\"\\\"\\\\\\n\\r\\t\\u0000$#\"", HoconWriter.Quoted("\"\\\n\r\t\0$#"));

    [Fact]
    public void References_are_written_as_what_they_stand_for() =>
        Assert.Equal("\"a\" : \"1\"\n\"b\" : \"1 x\"\n\"c\" : null\n", HoconDocument.Parse("a = 1\nb = ${a} x\nc = ${?d}").ToHocon());
}
