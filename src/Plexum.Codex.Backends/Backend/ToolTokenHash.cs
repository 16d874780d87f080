using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Plexum.Codex.Backend;

/// <summary>
/// What is kept of a turn's token: enough to recognise the token, and nothing to present in its place. A token is 32 random bytes, so
/// its hash needs no salt.
/// </summary>
public sealed class ToolTokenHash
{
    private readonly byte[] _bytes;

    private ToolTokenHash(byte[] bytes) => _bytes = bytes;

    /// <summary>The hash of a token.</summary>
    public static ToolTokenHash Of(string token) => new(Hash(token));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <returns>False if it is no such hash, or null.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ToolTokenHash? hash)
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        if (text is { Length: 2 * SHA256.HashSizeInBytes } && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done)
        {
            hash = new ToolTokenHash(bytes);
            return true;
        }

        hash = null;
        return false;
    }

    /// <summary>Whether a candidate is the token; compared in constant time.</summary>
    public bool Is(string candidate) => CryptographicOperations.FixedTimeEquals(_bytes, Hash(candidate));

    /// <summary>The hash in hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(_bytes);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
