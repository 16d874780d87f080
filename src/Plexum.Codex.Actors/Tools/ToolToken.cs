using System.Security.Cryptography;
using System.Text;

namespace Plexum.Codex.Tools;

/// <summary>
/// What a relay has to know to reach the tools of a turn: 32 random bytes in hexadecimal digits. It goes to codex in its environment, which
/// others cannot read, and never among its arguments, which they can; and it is worth nothing once the turn is over.
/// </summary>
internal sealed class ToolToken
{
    private readonly byte[] _hash;

    private ToolToken(string text) => (Text, _hash) = (text, SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The token itself.</summary>
    public string Text { get; }

    /// <summary>A new token.</summary>
    public static ToolToken New() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    /// <summary>A token that an earlier process of this program made.</summary>
    public static ToolToken Of(string text) => new(text);

    /// <summary>Whether this is it. How long the answer takes tells nothing.</summary>
    public bool Is(string candidate) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(candidate)));

    /// <summary>Nothing of the token, since records and logs are made of such texts.</summary>
    public override string ToString() => "(token)";
}
