namespace Plexum.Codex.Host.Access;

public sealed class TokenFileSpecs : IDisposable
{
    private static readonly string Hash = new('a', TokenSecret.HashCharacters);

    private readonly TemporaryDirectory _directory = new();
    private readonly TokenFile _file;

    public TokenFileSpecs() => _file = new TokenFile(Place);

    private string Place => _directory.File("api-tokens.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_a_file_there_are_no_tokens()
    {
        Assert.Empty(_file.Read());
        Assert.Null(FileVersion.Of(Place));
    }

    [Fact]
    public async Task What_is_written_is_read_as_the_same()
    {
        var token = Token("ci") with { ExpiresAt = DateTimeOffset.UnixEpoch.AddYears(60), LastUsedAt = DateTimeOffset.UnixEpoch };

        await _file.ChangeAsync(tokens => tokens.Add(token), TimeProvider.System);

        var read = Assert.Single(_file.Read());
        Assert.Equal(token.Scopes.AsEnumerable(), read.Scopes);
        Assert.Equal(token with { Scopes = read.Scopes }, read);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Place));
    }

    [Fact]
    public async Task Changes_at_once_are_all_made()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(n => Task.Run(() => _file.ChangeAsync(tokens => tokens.Add(Token($"t{n}")), TimeProvider.System)))
        );

        Assert.Equal(8, _file.Read().DistinctBy(token => token.Name).Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"tokens":[null]}""")]
    [InlineData("""{"tokens":[{"name":"ci","scopes":["read"],"created_at":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"tokens":[{"name":"ci","hash":"abc","scopes":["read"],"created_at":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"tokens":[{"name":"..","hash":"HASH","scopes":["read"],"created_at":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"tokens":[{"name":"ci","hash":"HASH","created_at":"2026-01-01T00:00:00Z"}]}""")]
    public void A_damaged_file_is_refused_and_named(string text)
    {
        Write(text.Replace("HASH", Hash, StringComparison.Ordinal));

        Assert.Contains(Place, Assert.Throws<CodexException>(() => _file.Read()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_may_use_is_refused(UnixFileMode more)
    {
        Write("""{"tokens":[]}""");
        var before = FileVersion.Of(Place);
        File.SetUnixFileMode(Place, File.GetUnixFileMode(Place) | more);

        Assert.Contains("chmod 600", Assert.Throws<CodexException>(() => _file.Read()).Message, StringComparison.Ordinal);
        Assert.NotEqual(before, FileVersion.Of(Place));
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        Write("""{"tokens":[]}""");
        File.Move(Place, Place + ".elsewhere");
        File.CreateSymbolicLink(Place, Place + ".elsewhere");

        Assert.Contains("link", Assert.Throws<CodexException>(() => _file.Read()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read", AccessScopes.Read)]
    [InlineData("read, submit", AccessScopes.Read | AccessScopes.Submit)]
    [InlineData("cancel,admin,cancel", AccessScopes.Cancel | AccessScopes.Admin)]
    [InlineData("", null)]
    [InlineData("read,", null)]
    [InlineData("READ", null)]
    [InlineData("write", null)]
    public void Scopes_are_read_by_their_names(string text, object? scopes) =>
        Assert.Equal((AccessScopes?)scopes, AccessScopeNames.TryParse(text));

    private static AccessToken Token(string name) => new(name, Hash, ["read"], DateTimeOffset.UnixEpoch);

    private void Write(string text)
    {
        File.WriteAllText(Place, text);
        File.SetUnixFileMode(Place, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
