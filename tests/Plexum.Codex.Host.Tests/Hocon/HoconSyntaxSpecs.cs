namespace Plexum.Codex.Host.Hocon;

/// <summary>What the text may look like.</summary>
public sealed class HoconSyntaxSpecs
{
    [Theory]
    [InlineData("a.b = 1")]
    [InlineData("a.b : 1")]
    [InlineData("a { b = 1 }")]
    [InlineData("a = { b = 1 }")]
    [InlineData("a : { b : 1, }")]
    [InlineData("{ \"a\" : { \"b\" : 1 } }")]
    [InlineData("  a . b   =   1   ")]
    [InlineData("a\n{\n  b\n  =\n  1\n}\n")]
    [InlineData("a {\r\n  b = 1\r\n}\r\n")]
    [InlineData("\"a\".\"b\" = \"1\"")]
    [InlineData("a.b = \"\"\"1\"\"\"")]
    [InlineData("# first\na { // second\n  b = 1 # third\n  # fourth\n}\n// fifth\n")]
    [InlineData("a.b = 2\na.b = 1")]
    [InlineData("a = 5\na { b = 1 }")]
    [InlineData("a = 5\na.b = 1")]
    [InlineData("a { c = 2 }\na { b = 1 }")]
    [InlineData("a = { c = 2 }\na = { b = 1 }")]
    [InlineData("a = { c = 2 } { b = 1 }")]
    [InlineData("x = { y = 2 }, a = { b = 1 },")]
    public void These_texts_all_mean_the_same(string hocon)
    {
        var config = HoconDocument.Parse(hocon);

        Assert.Equal("1", config.Find("a.b")?.Text);
        Assert.Equal("1", config.Find("a")?.Object?.Find("b")?.Text);
    }

    [Theory]
    [InlineData("a = hello", "hello")]
    [InlineData("a = hello world  # comment", "hello world")]
    [InlineData("a = 127.0.0.1", "127.0.0.1")]
    [InlineData("a = C/x-y_z~%|<>;'()", "C/x-y_z~%|<>;'()")]
    [InlineData("a = \"  trimmed  \"", "trimmed")]
    [InlineData("a = \"x\" y \"z\"", "x y z")]
    [InlineData("a = \"# no // comment\"", "# no // comment")]
    [InlineData("a = \"\\\" \\\\ \\/ \\n \\t \\u0041\"", "\" \\ / \n \t A")]
    [InlineData("a = \"\"\"C:\\new \"quoted\" \\u0041\"\"\"", "C:\\new \"quoted\" \\u0041")]
    [InlineData("a = \"\"\"one\n  two\"\"\"", "one\n  two")]
    [InlineData("a = \"one\ntwo\"", "one\ntwo")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = null", null)]
    [InlineData("a = \"null\"", null)]
    [InlineData("a = { b = 1 }", null)]
    [InlineData("a = [1]", null)]
    public void A_text_is_read(string hocon, string? expected)
    {
        var config = HoconDocument.Parse(hocon);

        Assert.True(config.HasPath("a"));
        Assert.Equal(expected, config.Find("a")!.Text);
    }

    [Theory]
    [InlineData("a = [1, 2, 3]", "1", "2", "3")]
    [InlineData("a = [1, 2, 3,]", "1", "2", "3")]
    [InlineData("a = [\n  1\n  2\n  # comment\n  3 // comment\n]", "1", "2", "3")]
    [InlineData("a = [\n  1,\n  2,\n  3,\n]", "1", "2", "3")]
    [InlineData("a = [1] [2, 3]", "1", "2", "3")]
    [InlineData("a = [one two, \"three, four\"]", "one two", "three, four")]
    [InlineData("a : [x]", "x")]
    [InlineData("a = []")]
    [InlineData("a = [ ]")]
    [InlineData("a = [\n  # nothing\n]")]
    [InlineData("a = 5")]
    public void A_list_is_read(string hocon, params string[] expected)
    {
        var config = HoconDocument.Parse(hocon);

        Assert.Equal(expected, config.Find("a")!.Items.Select(item => item.Text));
    }

    [Fact]
    public void A_long_text_of_lists_and_objects_is_read()
    {
        var hocon = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"a{i} {{ b = [[{i}], [{{ c = {i} }}]] }}\n"));

        var config = HoconDocument.Parse(hocon);

        Assert.Equal(1_000, config.Root.Items.Count);
        Assert.Equal("999", config.Find("a999.b")!.Items[1].Items[0].Object!.Find("c")!.Text);
    }

    [Fact]
    public void A_list_holds_objects_and_lists()
    {
        var config = HoconDocument.Parse("a = [{ x = 1 }, { x = 2 }, [3, 4]]");

        var items = config.Find("a")!.Items;

        Assert.Equal(3, items.Count);
        Assert.Equal("2", items[1].Object!.Find("x")?.Text);
        Assert.Equal(["3", "4"], items[2].Items.Select(item => item.Text));
    }

    [Fact]
    public void Json_is_read()
    {
        const string Json = """
            {
              "text": "a \"quoted\" word",
              "number": 1.25,
              "flag": true,
              "nothing": null,
              "list": [1, 2],
              "object": { "inner": { "key": "value" } }
            }
            """;

        var config = HoconDocument.Parse(Json);

        Assert.Equal("a \"quoted\" word", config.Find("text")?.Text);
        Assert.Equal("1.25", config.Find("number")?.Text);
        Assert.Equal("true", config.Find("flag")?.Text);
        Assert.Null(config.Find("nothing")!.Text);
        Assert.Equal(["1", "2"], config.Find("list")!.Items.Select(item => item.Text));
        Assert.Equal("value", config.Find("object.inner.key")?.Text);
    }

    [Theory]
    [InlineData("a b c = 1", "a b c")]
    [InlineData("\"a b\" = 1", "a b")]
    [InlineData("\"a.b\" = 1", "\"a.b\"")]
    [InlineData("x { \"/user/a.b/*\" { y = 1 } }", "x.\"/user/a.b/*\".y")]
    [InlineData("3.14 = 1", "3.14")]
    [InlineData("true = 1", "true")]
    [InlineData("include = 1", "include")]
    [InlineData("included.x = 1", "included.x")]
    [InlineData("a-b_c/d = 1", "a-b_c/d")]
    public void A_key_is_found_by_its_path(string hocon, string path)
    {
        var config = HoconDocument.Parse(hocon);

        Assert.True(config.HasPath(path));
        Assert.Equal("1", config.Find(path)!.Text);
    }

    [Fact]
    public void A_later_value_replaces_an_earlier_object()
    {
        var config = HoconDocument.Parse("a.b = 1\na = null\na.c = 3");

        Assert.False(config.HasPath("a.b"));
        Assert.Equal("3", config.Find("a.c")?.Text);
    }

    [Fact]
    public void An_earlier_list_is_replaced_and_not_extended()
    {
        var config = HoconDocument.Parse("a = [1, 2]\na = [3]");

        Assert.Equal("3", Assert.Single(config.Find("a")!.Items).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n\n ")]
    [InlineData("# nothing\n")]
    [InlineData("# nothing")]
    [InlineData("#")]
    [InlineData("{}")]
    public void A_text_without_keys_is_empty(string hocon)
    {
        var config = HoconDocument.Parse(hocon);

        Assert.Empty(config.Root.Items);
        Assert.False(config.HasPath("a"));
    }
}
