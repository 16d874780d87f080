using System.Collections.Immutable;
using System.Security.Cryptography;
using Serilog;

namespace Plexum.Codex.Host.Access;

/// <summary>
/// The tokens that a running daemon accepts. It looks at their file for every request, so a token that was created, revoked or changed
/// meanwhile counts from the next request on. While the file cannot be used, no named token is accepted. Thread-safe.
/// </summary>
internal sealed class TokenBook : IAsyncDisposable
{
    /// <summary>How exactly the last use of a token is noted; each note replaces the file.</summary>
    public static readonly TimeSpan UsePrecision = TimeSpan.FromHours(1);

    private readonly TokenFile _file;
    private readonly OwnerToken? _owner;
    private readonly TimeProvider _time;
    private readonly WatchedContent<ImmutableArray<KnownToken>> _known;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _noting = new(StringComparer.Ordinal);
    private Task _noted = Task.CompletedTask;

    /// <param name="file">The named tokens.</param>
    /// <param name="owner">The owner's own token; null for none.</param>
    /// <param name="time">The clock.</param>
    public TokenBook(TokenFile file, OwnerToken? owner, TimeProvider time)
    {
        (_file, _owner, _time) = (file, owner, time);
        _known = new(file.FullPath, Load, [], reason => Log.Error("api: {Reason:l} Until then no named token is accepted.", reason), time);
    }

    /// <summary>Finds out whose secret it is.</summary>
    /// <param name="secret">What was shown as one.</param>
    /// <param name="expired">The token, if it has expired.</param>
    /// <returns>Null if it is nobody's, or expired.</returns>
    public Caller? Find(string secret, out AccessToken? expired)
    {
        expired = null;
        if (_owner?.Find(secret) is { } own)
        {
            return own;
        }

        var hash = TokenSecret.HashOf(secret);
        AccessToken? found = null;
        foreach (var known in _known.Current())
        {
            // In constant time, though a hash says nothing about its secret.
            if (CryptographicOperations.FixedTimeEquals(known.Hash, hash))
            {
                found = known.Token;
            }
        }

        var now = _time.GetUtcNow();
        if (found is null || found.IsExpired(now))
        {
            expired = found;
            return null;
        }

        NoteLater(found, now);
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
        var now = _time.GetUtcNow();
        return _known.Current().Any(known => known.Token.Hash == token.Hash && !known.Token.IsExpired(now));
    }

    private ImmutableArray<KnownToken> Load() =>
        [.. _file.Read().Select(token => new KnownToken(token, Convert.FromHexString(token.Hash)))];

    private void NoteLater(AccessToken token, DateTimeOffset now)
    {
        if (token.LastUsedAt is { } last && now - last < UsePrecision)
        {
            return;
        }

        lock (_lock)
        {
            if (_noting.Add(token.Hash))
            {
                _noted = Task.WhenAll(_noted, FileWork.Run(() => Note(token, now)));
            }
        }
    }

    // While others change the file, the next use is noted instead: nobody waits for a note.
    private void Note(AccessToken token, DateTimeOffset now)
    {
        try
        {
            _file.TryChange(tokens =>
                tokens.FirstOrDefault(one => one.Hash == token.Hash) is { } known
                    ? tokens.Replace(known, known with { LastUsedAt = now })
                    : tokens
            );
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
