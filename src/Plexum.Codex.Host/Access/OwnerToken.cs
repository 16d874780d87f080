using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Posix;
using Serilog;

namespace Plexum.Codex.Host.Access;

/// <summary>
/// The owner's own token in the file of <c>api.token-file</c>. It allows everything and does not expire. The file is looked at for every
/// request, so another token in it counts from the next request on; while there is none, or none that can be used, there is no such token.
/// Thread-safe.
/// </summary>
internal sealed class OwnerToken
{
    /// <summary>Its name where tokens are named.</summary>
    public const string Name = "api-token";

    private const uint GroupAndOthers = 0x3F;
    private const int MinCharacters = 16;
    private const int MaxBytes = 4096;

    private readonly string _path;
    private readonly WatchedContent<byte[]?> _hash;

    /// <param name="path">The absolute path of the file.</param>
    /// <param name="time">The clock.</param>
    public OwnerToken(string path, TimeProvider time)
    {
        _path = path;
        _hash = new(path, Read, null, reason => Log.Error("api: {Reason:l} Until then there is no such token.", reason), time);
    }

    /// <summary>Creates the token if the file is missing, and checks that it can be used.</summary>
    /// <returns>Whether it was created.</returns>
    /// <exception cref="CodexException">The file cannot be used; the message says why.</exception>
    public bool Prepare()
    {
        try
        {
            var isNew = FileStatus.OfPath(_path) is null;
            if (isNew)
            {
                var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
                AtomicFile.Create(_path, Encoding.ASCII.GetBytes(made + "\n"), durable: true);
            }

            Read();
            return isNew;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"{e.Message.TrimEnd('.')}. Give this user access to it, or set api.token-file to another path", e);
        }
    }

    /// <summary>Compares a candidate with the token, in constant time.</summary>
    /// <param name="candidate">What was shown as the token.</param>
    /// <returns>Null if it is another one.</returns>
    public Caller? Find(string candidate)
    {
        var hash = TokenSecret.HashOf(candidate);
        return IsHash(hash) ? Caller.OfOwnersToken(() => IsHash(hash)) : null;
    }

    private bool IsHash(byte[] hash) => _hash.Current() is { } own && CryptographicOperations.FixedTimeEquals(own, hash);

    // Null for no file.
    private byte[]? Read()
    {
        using var file = RegularFile.TryOpenRead(_path, followLinks: false, out var problem);
        if (file is null)
        {
            return problem is null
                ? null
                : throw Unusable($"{problem}. Put a file of this user's in its place, or set api.token-file to another path");
        }

        if (FileStatus.OfHandle(file) is not { } status || (status.Permissions & GroupAndOthers) != 0)
        {
            throw Unusable("other users can read or change it. Run chmod 600 on it, or delete it to get a new one at the next start");
        }

        if (status.Owner != 0 && status.Owner != Libc.EffectiveUser())
        {
            throw Unusable("it belongs to another user. Delete it to get a new one at the next start");
        }

        var bytes = new byte[MaxBytes];
        var token = Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0))).Trim();
        return token.Length >= MinCharacters
            ? TokenSecret.HashOf(token)
            : throw Unusable($"it has fewer than {MinCharacters} characters. Delete it to get a new one at the next start");
    }

    private CodexException Unusable(string reason, Exception? cause = null)
    {
        var sentences = $"The token file {_path} cannot be used: {reason}.";
        return cause is null ? new CodexException(sentences) : new CodexException(sentences, cause);
    }
}
