using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Backups;

/// <summary>What a backup says of itself.</summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Program">The version of the program that made it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Profile">The profile that it was made of, an absolute path.</param>
/// <param name="CodexHome">codex's home at that time, an absolute path.</param>
internal sealed record BackupManifest(int Format, string Program, DateTimeOffset CreatedAt, string Profile, string CodexHome)
{
    /// <summary>The format that this program reads and writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The largest manifest that is read, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>As it stands in the backup.</summary>
    public byte[] ToBytes() =>
        Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["format"] = Format,
                ["program"] = Program,
                ["created_at"] = CreatedAt.ToString("O", CultureInfo.InvariantCulture),
                ["profile"] = Profile,
                ["codex_home"] = CodexHome,
            }.ToJsonString() + "\n"
        );

    /// <summary>Reads one.</summary>
    /// <exception cref="CodexException">It is none, or of a newer format.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        BackupManifest? manifest = null;
        try
        {
            if (JsonNode.Parse(json) is JsonObject read)
            {
                manifest = new BackupManifest(
                    (int?)read["format"] ?? 0,
                    (string?)read["program"] ?? "",
                    DateTimeOffset.Parse((string?)read["created_at"] ?? "", CultureInfo.InvariantCulture),
                    (string?)read["profile"] ?? "",
                    (string?)read["codex_home"] ?? ""
                );
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new CodexException($"The backup's first entry cannot be read ({e.Message}); this is no backup of plexum-codex.", e);
        }

        return manifest switch
        {
            { Format: CurrentFormat } => manifest,
            { Format: > CurrentFormat } => throw new CodexException(
                $"The backup was made by plexum-codex {manifest.Program}, which is newer than this one; restore it with that version."
            ),
            _ => throw new CodexException("The backup's first entry is not one of plexum-codex; this is no backup of it."),
        };
    }
}
