using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Access;

/// <summary>The owner's own token in the file of <c>api.token-file</c>. It allows everything and does not expire.</summary>
internal sealed class OwnerToken
{
    /// <summary>Its name where tokens are named.</summary>
    public const string Name = "api-token";

    private const UnixFileMode Foreign =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private const int MinCharacters = 16;

    private readonly byte[] _hash;

    private OwnerToken(string token) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads the token file; creates it with 32 random bytes if it is missing.</summary>
    /// <exception cref="CodexException">The file cannot be used; the message says why.</exception>
    public static OwnerToken Load(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
                AtomicFile.Create(path, Encoding.ASCII.GetBytes(made + "\n"), durable: true);
            }

            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Foreign) != 0)
            {
                throw new CodexException(
                    $"Other users can read or change the token file {path}; run chmod 600 on it, or delete it to get a new one."
                );
            }

            var bytes = new byte[4096];
            var token = Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0))).Trim();
            return token.Length >= MinCharacters
                ? new OwnerToken(token)
                : throw new CodexException(
                    $"The token in {path} has fewer than {MinCharacters} characters; delete the file to get a new one."
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException(
                $"The token file {path} cannot be used: {e.Message.TrimEnd('.')}. Give this user access to it, or set api.token-file to "
                    + "another path.",
                e
            );
        }
    }

    /// <summary>Compares a candidate with the token, in constant time.</summary>
    public bool Is(string candidate) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(candidate)));
}
