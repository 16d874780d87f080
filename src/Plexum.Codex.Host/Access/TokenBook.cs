using System.Collections.Immutable;
using System.Security.Cryptography;
using Serilog;

namespace Plexum.Codex.Host.Access;

/// <summary>
/// The tokens that a running daemon accepts. It looks at their file for every request, so a token that was created, revoked or changed
/// meanwhile counts from the next request on. While the file cannot be used, no named token is accepted. Thread-safe.
/// </summary>
internal sealed class TokenBook(TokenFile file, OwnerToken? owner, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How exactly the last use of a token is noted; each note replaces the file.</summary>
    public static readonly TimeSpan UsePrecision = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _noting = new(StringComparer.Ordinal);
    private ImmutableArray<KnownToken> _known = [];
    private FileVersion? _version;
    private Task _noted = Task.CompletedTask;

    /// <summary>Finds out whose secret it is.</summary>
    /// <param name="secret">What was shown as one.</param>
    /// <param name="expired">The token, if it has expired.</param>
    /// <returns>Null if it is nobody's, or expired.</returns>
    public Caller? Find(string secret, out AccessToken? expired)
    {
        expired = null;
        if (owner is not null && owner.Is(secret))
        {
            return Caller.OwnersToken;
        }

        var hash = TokenSecret.HashOf(secret);
        AccessToken? found = null;
        foreach (var known in Current())
        {
            // In constant time, though a hash says nothing about its secret.
            if (CryptographicOperations.FixedTimeEquals(known.Hash, hash))
            {
                found = known.Token;
            }
        }

        var now = time.GetUtcNow();
        if (found is null || found.IsExpired(now))
        {
            expired = found;
            return null;
        }

        NoteUse(found, now);
        return Caller.Of(found, () => IsValid(found));
    }

    /// <summary>Waits until what it notes in the file is written.</summary>
    public async ValueTask DisposeAsync()
    {
        Task noted;
        lock (_lock)
        {
            noted = _noted;
        }

        await noted.ConfigureAwait(false);
    }

    private bool IsValid(AccessToken token)
    {
        var now = time.GetUtcNow();
        return Current().Any(known => known.Token.Hash == token.Hash && !known.Token.IsExpired(now));
    }

    private ImmutableArray<KnownToken> Current()
    {
        // Before the file is read: if it changes in between, the next look sees another version.
        var version = file.Version();
        lock (_lock)
        {
            if (version != _version)
            {
                (_version, _known) = (version, Load());
            }

            return _known;
        }
    }

    private ImmutableArray<KnownToken> Load()
    {
        try
        {
            return [.. file.Read().Select(token => new KnownToken(token, Convert.FromHexString(token.Hash)))];
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            Log.Error("api: {Reason:l} Until then no named token is accepted.", e.Message);
            return [];
        }
    }

    private void NoteUse(AccessToken token, DateTimeOffset now)
    {
        if (token.LastUsedAt is { } last && now - last < UsePrecision)
        {
            return;
        }

        lock (_lock)
        {
            if (_noting.Add(token.Hash))
            {
                _noted = Task.WhenAll(_noted, FileWork.Run(() => NoteUseAsync(token, now)));
            }
        }
    }

    private async Task NoteUseAsync(AccessToken token, DateTimeOffset now)
    {
        try
        {
            await file.ChangeAsync(
                    tokens =>
                        tokens.FirstOrDefault(one => one.Hash == token.Hash) is { } known
                            ? tokens.Replace(known, known with { LastUsedAt = now })
                            : tokens,
                    time
                )
                .ConfigureAwait(false);
            lock (_lock)
            {
                _noting.Remove(token.Hash);
            }
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            // Told once: the token stays among those that are being noted.
            Log.Warning("api: the last use of the token {Token} cannot be noted: {Reason:l}", token.Name, e.Message);
        }
    }

    private sealed record KnownToken(AccessToken Token, byte[] Hash);
}
