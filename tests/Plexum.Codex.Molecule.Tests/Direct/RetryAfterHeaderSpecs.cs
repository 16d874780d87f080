using Plexum.Codex.Molecule.Direct.Http;

namespace Plexum.Codex.Molecule.Direct;

public sealed class RetryAfterHeaderSpecs
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);

    [Theory]
    [InlineData("90")]
    [InlineData("90.0")]
    [InlineData(" 9e1 ")]
    [InlineData("Sun, 17 Mar 2030 17:48:10 GMT")]
    [InlineData("2030-03-17T17:48:10Z")]
    [InlineData("1900000090")]
    [InlineData("1900000090000")]
    public void It_is_read_in_any_form(string text) => Assert.Equal(TimeSpan.FromSeconds(90), Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1e999")]
    [InlineData("6:51 PM")]
    public void What_is_no_time_asks_for_no_pause_of_its_own(string text) => Assert.Null(Read(text));

    private static TimeSpan? Read(string text)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", text);
        return RetryAfterHeader.Of(response.Headers, Now);
    }
}
