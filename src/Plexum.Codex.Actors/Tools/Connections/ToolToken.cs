using System.Security.Cryptography;
using System.Text;

namespace Plexum.Codex.Tools.Connections;

/// <summary>
/// The secret with which a relay reaches the tools of a turn: 32 random bytes in hexadecimal. codex gets it in its environment, which
/// other users cannot read, and never as an argument, which they can. It expires with the turn.
/// </summary>
internal sealed class ToolToken
{
    private readonly byte[] _hash;

    private ToolToken(string text) => (Text, _hash) = (text, SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The token itself.</summary>
    public string Text { get; }

    /// <summary>A new token.</summary>
    public static ToolToken New() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    /// <summary>A token that an earlier process of this program created.</summary>
    public static ToolToken Of(string text) => new(text);

    /// <summary>Whether a candidate is this token; compared in constant time.</summary>
    public bool Is(string candidate) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(candidate)));

    /// <summary>Hides the token, because records and logs print this text.</summary>
    public override string ToString() => "(token)";
}
