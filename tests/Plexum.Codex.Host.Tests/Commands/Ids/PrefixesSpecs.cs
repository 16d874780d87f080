using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Ids;

public sealed class PrefixesSpecs : IDisposable
{
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("plexum-codex-ids-");

    public void Dispose() => _profile.Delete(recursive: true);

    [Theory]
    [InlineData("ab", "abc")]
    [InlineData("abc", "abc")]
    [InlineData("ac", "ac")]
    [InlineData("x", null)]
    public void A_beginning_names_the_only_id_that_begins_so(string text, string? id) =>
        Assert.Equal(id, Prefixes.Find("ids", text, ["abc", "ac", "acd"]));

    [Fact]
    public void A_beginning_of_several_is_an_error_that_lists_them()
    {
        var ids = Enumerable.Range(0, 30).Select(number => $"a-{number:00}").ToArray();

        var error = Assert.Throws<CodexException>(() => Prefixes.Find("turn ids", "a-0", ids, id => $"of {id}"));

        Assert.Contains("\"a-0\" is the beginning of several turn ids", error.Message, StringComparison.Ordinal);
        Assert.Contains("\n  a-09  of a-09", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-10", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "and more",
            Assert.Throws<CodexException>(() => Prefixes.Find("turn ids", "a", ids)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_agent_is_found_by_the_beginning_of_its_id_and_as_the_one_of_the_last_turn()
    {
        Turn("alice", "019a01");
        Turn("alfred", "019a03");
        Turn("bob", "019a02");

        Assert.Equal("bob", Find("b"));
        Assert.Equal("alfred", Find("last"));
        Assert.Equal("carol", Find("carol"));
        Assert.Contains("alfred", Assert.Throws<CodexException>(() => Find("al")).Message, StringComparison.Ordinal);
        Assert.Contains("invalid", Assert.Throws<CodexException>(() => Find("a/b")).Message, StringComparison.Ordinal);

        Turn("last", "019a00");
        Assert.Equal("last", Find("last"));
    }

    [Fact]
    public void Where_there_has_been_no_turn_there_is_no_last_agent() => Assert.Throws<CodexException>(() => Find("last"));

    [Fact]
    public void Calls_are_found_by_their_beginnings_and_what_is_unknown_stays()
    {
        Assert.Equal(
            ["call_a1", "call_b", "call_x", "call_b"],
            CallIds.Find(["call_a", "call_b", "call_x", "last"], ["call_a1", "call_b"]).AsEnumerable()
        );
        Assert.Equal(["last"], CallIds.Find(["last"], []).AsEnumerable());
        Assert.Throws<CodexException>(() => CallIds.Find(["call_"], ["call_a", "call_b"]));
    }

    private void Turn(string agent, string turn) =>
        Directory.CreateDirectory(Path.Combine(_profile.FullName, "agents", agent, "turns", turn));

    private string Find(string text) => AgentIds.Find(_profile.FullName, text).Value;
}
