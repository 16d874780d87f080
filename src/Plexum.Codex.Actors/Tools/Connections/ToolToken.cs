using System.Security.Cryptography;
using Plexum.Codex.Backend;

namespace Plexum.Codex.Tools.Connections;

/// <summary>
/// The secret with which a relay reaches the tools of a turn: 32 random bytes in hexadecimal. codex gets it in its environment, which
/// other users cannot read, and never as an argument, which they can. This program records its hash only. It expires with the turn.
/// </summary>
internal sealed class ToolToken
{
    private readonly ToolTokenHash _hash;

    private ToolToken(string? text, ToolTokenHash hash) => (Text, _hash) = (text, hash);

    /// <summary>The token itself; null for one that an earlier process of this program created, which codex alone has.</summary>
    public string? Text { get; }

    /// <summary>A new token.</summary>
    public static ToolToken New()
    {
        var text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return new ToolToken(text, ToolTokenHash.Of(text));
    }

    /// <summary>A token that an earlier process of this program created.</summary>
    public static ToolToken Of(ToolTokenHash hash) => new(null, hash);

    /// <summary>Whether a candidate is this token; compared in constant time.</summary>
    public bool Is(string candidate) => _hash.Is(candidate);

    /// <summary>Hides the token, because records and logs print this text.</summary>
    public override string ToString() => "(token)";
}
