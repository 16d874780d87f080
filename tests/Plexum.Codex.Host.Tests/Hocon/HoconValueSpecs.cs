namespace Plexum.Codex.Host.Hocon;

/// <summary>What a value is.</summary>
public sealed class HoconValueSpecs
{
    private static readonly HoconDocument Sample = HoconDocument.Parse(
        """
        word = abc
        number = -7
        nothing = null
        object { x = 1 }
        list = [1, 2]
        empty = []
        """
    );

    [Theory]
    [InlineData("word", "abc", false, false)]
    [InlineData("number", "-7", false, false)]
    [InlineData("nothing", null, false, false)]
    [InlineData("object", null, false, true)]
    [InlineData("object.x", "1", false, false)]
    [InlineData("list", null, true, false)]
    [InlineData("empty", null, true, false)]
    public void The_kind_of_a_value_is_told(string path, string? text, bool isList, bool isObject)
    {
        var value = Sample.Find(path)!;

        Assert.Equal((text, isList, isObject), (value.Text, value.IsList, value.Object is not null));
    }

    [Fact]
    public void What_is_no_list_has_no_items()
    {
        Assert.Equal(["1", "2"], Sample.Find("list")!.Items.Select(item => item.Text));
        Assert.All(["word", "nothing", "object", "empty"], path => Assert.Empty(Sample.Find(path)!.Items));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("word.y")]
    [InlineData("nothing.y")]
    [InlineData("list.0")]
    [InlineData("object.x.y")]
    public void Nothing_is_found_at_a_missing_path(string path)
    {
        Assert.False(Sample.HasPath(path));
        Assert.Null(Sample.Find(path));
    }

    [Fact]
    public void An_empty_document_has_no_keys()
    {
        Assert.Empty(HoconDocument.Empty.Root.Items);
        Assert.Equal("", HoconDocument.Empty.ToHocon());
    }
}
