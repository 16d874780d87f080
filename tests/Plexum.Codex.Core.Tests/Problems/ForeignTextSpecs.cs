using Xunit;

namespace Plexum.Codex.Problems;

public sealed class ForeignTextSpecs
{
    [Theory]
    [InlineData("Incorrect API key provided: hunter2hunter2.")]
    [InlineData("{'error':{'api_key':'hunter2hunter2'}}")]
    [InlineData("Authorization: Bearer hunter2hunter2")]
    [InlineData("OPENAI_API_KEY=hunter2hunter2 is not valid")]
    [InlineData("The key sk-hunter2hunter2 was refused.")]
    [InlineData("ghp_hunter2hunter2")]
    [InlineData("error sending request for url (https://me:hunter2hunter2@models.example/v1)")]
    [InlineData("Unauthorized: hunter2hunter2hunter2hunter2")]
    [InlineData("password = \"hunter2hunter2\"")]
    public void What_looks_like_a_key_is_hidden(string text)
    {
        Assert.DoesNotContain("hunter2", ForeignText.Shorten(text), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", ForeignText.Mask(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("codex did not continue the thread 01a2296e-abb7-77e3-950a-a35cb163f44d: it is archived.")]
    [InlineData("its rollout /home/a/sessions/2026/01/31/rollout-2026-01-31T08-15-00-01a2296e-abb7-77e3-950a-a35cb163f44d.jsonl is gone")]
    [InlineData("stream disconnected before completion: error sending request for url (http://127.0.0.1:8080/v1/responses)")]
    [InlineData("The model gpt-5.1-codex is not supported; see thread_unreadable.")]
    [InlineData("The turn exceeded its time limit and was stopped. Ask for less in one turn, or raise the limit.")]
    public void What_tells_where_the_fault_lies_stays(string text) => Assert.Equal(text, ForeignText.Mask(text));

    [Fact]
    public void A_long_text_of_many_lines_becomes_one_short_line()
    {
        var line = ForeignText.Shorten(string.Concat(Enumerable.Repeat("It said: \"no\"\r\n\u001b[2J", 100)));

        Assert.Equal(301, line.Length);
        Assert.DoesNotContain(line, c => char.IsControl(c) || c == '"');
        Assert.StartsWith("It said: 'no' ", line, StringComparison.Ordinal);
    }
}
