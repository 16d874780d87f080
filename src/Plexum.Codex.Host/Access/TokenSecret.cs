using System.Security.Cryptography;
using System.Text;

namespace Plexum.Codex.Host.Access;

/// <summary>
/// The secret of a named token: a prefix by which scanners for leaked secrets know it, and 256 random bits. Only its hash is kept. SHA-256
/// is enough for that: a slow hash makes it costly to try out what people can remember, and nobody can try out 2^256 values at any speed.
/// </summary>
internal static class TokenSecret
{
    /// <summary>What every secret begins with; 64 hexadecimal digits follow.</summary>
    public const string Prefix = "pcx_";

    private const int Bytes = 32;

    /// <summary>The number of characters of a hash.</summary>
    public const int HashCharacters = 2 * SHA256.HashSizeInBytes;

    /// <summary>Makes a secret.</summary>
    public static string New() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The hash of a secret, whether or not it is one.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
