using System.Security.Cryptography;
using System.Text;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>The id of the reply to a message.</summary>
public static class ReplyId
{
    /// <summary>A UUID (version 8) that is the same on every attempt, even after a restart.</summary>
    public static string Of(string activityId)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes("plexum-codex reply to " + activityId)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }
}
