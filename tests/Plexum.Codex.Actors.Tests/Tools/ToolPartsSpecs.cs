using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Backend;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Exec.Tools;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Tools;

public sealed class ToolPartsSpecs
{
    [Theory]
    [InlineData("alice", "plexum-host-alice")]
    [InlineData("a-b_C9", "plexum-host-a-b_C9")]
    [InlineData("a.b", "plexum-host-a_b-")]
    public void An_agent_s_server_has_a_name_that_codex_takes(string agent, string start)
    {
        var name = ToolServerName.Of(AgentId.Parse(agent));

        Assert.Matches("^[A-Za-z0-9_-]+$", name);
        Assert.StartsWith(start, name, StringComparison.Ordinal);
    }

    [Fact]
    public void Agents_that_differ_have_servers_that_differ()
    {
        string[] ids = ["a.b", "a_b", "a-b", "a.b.c", "a_b.c", "a.b_c", "A.b"];

        Assert.Equal(ids.Length, ids.Select(id => ToolServerName.Of(AgentId.Parse(id))).Distinct().Count());
    }

    [Fact]
    public void A_socket_s_path_fits_whatever_the_agent_and_the_profile()
    {
        var agent = AgentId.Parse(new string('x', 64));
        var deep = "/" + string.Join('/', Enumerable.Repeat("üüüüüüüüüü", 12));

        Assert.StartsWith("/profile/run/", ToolSocket.PathFor("/profile", agent, "/run/user/1000"), StringComparison.Ordinal);
        Assert.StartsWith("/run/user/1000/plexum-codex-", ToolSocket.PathFor(deep, agent, "/run/user/1000"), StringComparison.Ordinal);
        foreach (var runtime in new[] { null, "", "relative", deep })
        {
            var path = ToolSocket.PathFor(deep, agent, runtime);
            Assert.True(Path.IsPathFullyQualified(path) && Encoding.UTF8.GetByteCount(path) <= ToolSocket.MaxPathBytes, path);
        }

        Assert.NotEqual(ToolSocket.PathFor(deep, agent, null), ToolSocket.PathFor(deep + "/other", agent, null));
    }

    [Fact]
    public void A_socket_that_another_process_has_replaced_is_left_to_it()
    {
        using var folder = new TemporaryDirectory();
        var path = Path.Combine(folder.Root, "run", "a.sock");
        var first = ToolSocket.Listen(path);
        using var second = ToolSocket.Listen(path);

        first.Dispose();

        Assert.True(File.Exists(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(Path.Combine(folder.Root, "run")));
    }

    [Fact]
    public void TOML_says_what_was_meant()
    {
        Assert.Equal("\"a \\\"b\\\" \\\\ \\u000a ü\"", TomlText.Quote("a \"b\" \\ \n ü"));
        Assert.Equal("[\"a\",\"b\"]", TomlText.List(["a", "b"]));
        Assert.Equal("{\"A B\"=\"1\"}", TomlText.Table([new("A B", "1")]));
    }

    [Fact]
    public void A_cut_result_is_the_beginning_in_whole_characters_and_says_how_much_is_missing() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>[]>(), Gen.Choose(0, 60).ToArbitrary(), (texts, most) =>
            {
                var whole = new ToolResult([.. texts.Select(text => new ToolContent.Text(Valid(text.Get)))], false);
                var joined = string.Concat(whole.Content.OfType<ToolContent.Text>().Select(text => text.Value));

                var cut = whole.CutTo(most);

                var shown = string.Concat(cut.Content.OfType<ToolContent.Text>().Select(text => text.Value));
                if (Encoding.UTF8.GetByteCount(joined) <= most)
                {
                    return shown == joined;
                }

                var at = shown.LastIndexOf("\n[… cut", StringComparison.Ordinal);
                return joined.StartsWith(shown[..at], StringComparison.Ordinal)
                    && Encoding.UTF8.GetByteCount(shown[..at]) <= most
                    && Encoding.UTF8.GetByteCount(shown[..at]) > most - 4
                    && !shown.Contains('\uFFFD');
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_token_is_itself_and_never_shows_itself()
    {
        var token = ToolToken.New();
        var text = token.Text!;

        Assert.Equal(64, text.Length);
        Assert.True(token.Is(text));
        Assert.False(token.Is(text[..63]) || token.Is("") || token.Is(ToolToken.New().Text!));
        Assert.DoesNotContain(text, token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_recognised_by_its_hash_which_is_no_token()
    {
        var text = ToolToken.New().Text!;
        var written = ToolTokenHash.Of(text).ToString();

        Assert.True(ToolTokenHash.TryParse(written, out var hash));
        var token = ToolToken.Of(hash);
        Assert.Null(token.Text);
        Assert.True(token.Is(text));
        Assert.False(token.Is(written) || token.Is(ToolToken.New().Text!));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_hash_is_none(string? text) => Assert.False(ToolTokenHash.TryParse(text, out _));

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\uFFFD', '?');
}
