using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Access;

public sealed class TokenBookSpecs : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly TokenFile _file;
    private readonly TokenBook _book;

    public TokenBookSpecs()
    {
        _file = new TokenFile(_directory.File("api-tokens.json"));
        _book = new TokenBook(_file, null, _time);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _book.DisposeAsync();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_token_counts_from_its_creation_to_its_end()
    {
        var secret = TokenSecret.New();
        Assert.Null(_book.Find(secret, out _));

        await CreateAsync("ci", secret, TimeSpan.FromDays(1));
        var caller = Assert.IsType<Caller>(_book.Find(secret, out _));
        Assert.True(caller.IsStillValid);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.False(caller.IsStillValid);
        Assert.Null(_book.Find(secret, out var expired));
        Assert.Equal("ci", expired?.Name);
    }

    [Fact]
    public async Task A_damaged_file_lets_nobody_in_until_it_is_mended()
    {
        var secret = TokenSecret.New();
        await CreateAsync("ci", secret);
        Assert.NotNull(_book.Find(secret, out _));
        await _book.DisposeAsync();
        var text = await File.ReadAllTextAsync(_directory.File("api-tokens.json"));

        await File.WriteAllTextAsync(_directory.File("api-tokens.json"), "damaged");
        Assert.Null(_book.Find(secret, out _));
        await File.WriteAllTextAsync(_directory.File("api-tokens.json"), text);

        Assert.NotNull(_book.Find(secret, out _));
    }

    [Fact]
    public async Task The_last_use_is_noted_to_the_hour()
    {
        var secret = TokenSecret.New();
        await CreateAsync("ci", secret);
        var first = _time.GetUtcNow();

        Assert.NotNull(_book.Find(secret, out _));
        await NotedAsync(first);
        _time.Advance(TokenBook.UsePrecision / 2);
        Assert.NotNull(_book.Find(secret, out _));
        await NotedAsync(first);
        _time.Advance(TokenBook.UsePrecision / 2);
        Assert.NotNull(_book.Find(secret, out _));

        await NotedAsync(first + TokenBook.UsePrecision);
    }

    [Fact]
    public async Task A_use_that_is_noted_late_does_not_bring_a_revoked_token_back()
    {
        var secret = TokenSecret.New();
        await CreateAsync("ci", secret);
        var caller = Assert.IsType<Caller>(_book.Find(secret, out _));

        // The note may have the file's lock, and the other clock stands still.
        await _file.ChangeAsync(_ => [], TimeProvider.System);
        await _book.DisposeAsync();

        Assert.Empty(_file.Read());
        Assert.False(caller.IsStillValid);
        Assert.Null(_book.Find(secret, out _));
    }

    [Fact]
    public async Task Who_holds_the_lock_of_the_file_holds_up_neither_a_request_nor_the_end()
    {
        var secret = TokenSecret.New();
        await CreateAsync("ci", secret);
        using var held = FileLock.TryAcquire(_directory.File("api-tokens.json.lock"), out _);

        Assert.NotNull(_book.Find(secret, out _));
        await _book.DisposeAsync().AsTask().WithinLimit();

        Assert.Null(Assert.Single(_file.Read()).LastUsedAt);
    }

    private Task CreateAsync(string name, string secret, TimeSpan? life = null)
    {
        var now = _time.GetUtcNow();
        var hash = Convert.ToHexStringLower(TokenSecret.HashOf(secret));
        return _file.ChangeAsync(tokens => tokens.Add(new AccessToken(name, hash, ["read"], now, now + life)), _time);
    }

    private async Task NotedAsync(DateTimeOffset at)
    {
        await _book.DisposeAsync();
        Assert.Equal(at, Assert.Single(_file.Read()).LastUsedAt);
    }
}
