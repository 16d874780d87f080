using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Access;

/// <summary>The file of named tokens in a profile. It is replaced as a whole, under a lock: commands and the daemon change it.</summary>
/// <param name="path">Its absolute path; the file need not exist.</param>
internal sealed class TokenFile(string path)
{
    /// <summary>The maximum number of tokens.</summary>
    public const int MaxTokens = 256;

    private const int MaxBytes = 1024 * 1024;
    private const uint GroupAndOthers = 0x3F;

    /// <summary>Its absolute path.</summary>
    public string FullPath => path;

    /// <summary>Reads the tokens; none if there is no file.</summary>
    /// <exception cref="CodexException">The file cannot be used; the message says why.</exception>
    public ImmutableArray<AccessToken> Read()
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out var problem);
        if (file is null)
        {
            return problem is null ? [] : throw Unusable(problem);
        }

        if (FileStatus.OfHandle(file) is not { } status || (status.Permissions & GroupAndOthers) != 0)
        {
            throw Unusable("other users may read or change it; run chmod 600 on it");
        }

        if (status.Owner != 0 && status.Owner != Libc.EffectiveUser())
        {
            throw Unusable("it belongs to another user; move it away, and create the tokens again");
        }

        return Parse(file, status.Length);
    }

    /// <summary>Changes the tokens.</summary>
    /// <param name="change">Given the tokens, returns what they become; the same array for no change.</param>
    /// <param name="time">The clock by which to wait for others who change them.</param>
    /// <param name="cancellationToken">Stops waiting for them.</param>
    /// <exception cref="CodexException">The file cannot be used; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task ChangeAsync(
        Func<ImmutableArray<AccessToken>, ImmutableArray<AccessToken>> change,
        TimeProvider time,
        CancellationToken cancellationToken = default
    )
    {
        using var own = await FileLock.AcquireAsync(LockPath, time, _ => { }, cancellationToken).ConfigureAwait(false);
        Change(change);
    }

    /// <summary>Changes the tokens, unless others are changing them now.</summary>
    /// <param name="change">As for <see cref="ChangeAsync"/>.</param>
    /// <returns>Whether nobody else was changing them.</returns>
    /// <exception cref="CodexException">The file cannot be used; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public bool TryChange(Func<ImmutableArray<AccessToken>, ImmutableArray<AccessToken>> change)
    {
        using var own = FileLock.TryAcquire(LockPath, out _);
        if (own is not null)
        {
            Change(change);
        }

        return own is not null;
    }

    private string LockPath => path + ".lock";

    private void Change(Func<ImmutableArray<AccessToken>, ImmutableArray<AccessToken>> change)
    {
        var before = Read();
        var after = change(before);
        if (after != before)
        {
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new AccessTokens(after), AccessJson.Default.AccessTokens));
        }
    }

    private ImmutableArray<AccessToken> Parse(SafeFileHandle file, long length)
    {
        if (length > MaxBytes)
        {
            throw Unusable(string.Create(CultureInfo.InvariantCulture, $"it is longer than {MaxBytes} bytes; move it away"));
        }

        var bytes = new byte[(int)length];
        var count = RandomAccess.Read(file, bytes, 0);
        try
        {
            var tokens = JsonSerializer.Deserialize(bytes.AsSpan(0, count), AccessJson.Default.AccessTokens)?.Tokens ?? default;
            return !tokens.IsDefault && tokens.All(IsSound)
                ? tokens
                : throw Unusable("it is not a list of tokens; restore it, or move it away and create the tokens again");
        }
        catch (JsonException e)
        {
            throw Unusable($"it is damaged {JsonPlace(e)}; restore it, or move it away and create the tokens again");
        }
    }

    private static bool IsSound(AccessToken token) =>
        token is { Scopes.IsDefault: false, Hash.Length: TokenSecret.HashCharacters }
        && token.Hash.All(char.IsAsciiHexDigit)
        && AccessToken.IsName(token.Name);

    private static string JsonPlace(JsonException e) =>
        string.Create(CultureInfo.InvariantCulture, $"at line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}");

    private CodexException Unusable(string reason) => new($"The file of tokens {path} cannot be used: {reason}.");
}
