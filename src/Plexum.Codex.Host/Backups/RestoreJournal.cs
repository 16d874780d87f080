using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Archiving;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// The file in the profile that says what a restore moves, from before the first move until after the last. A restore that is killed
/// leaves it: daemons refuse the profile then, and the next restore undoes the moves. File work.
/// </summary>
internal static class RestoreJournal
{
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Writes it, durably.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(RestoreMoves moves) =>
        AtomicFile.Write(
            moves.Profile.UnfinishedRestoreFile,
            Encoding.UTF8.GetBytes(
                new JsonObject
                {
                    ["codex_home"] = moves.CodexHome,
                    ["staging"] = moves.Staging,
                    ["aside"] = moves.Aside,
                    ["out"] = ArrayOf(moves.Out),
                    ["in"] = ArrayOf(moves.In),
                    ["rollouts"] = ArrayOf(moves.Rollouts),
                }.ToJsonString()
            )
        );

    /// <summary>Removes it, durably: what was moved stays where it is now.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static void Remove(Profile profile)
    {
        File.Delete(profile.UnfinishedRestoreFile);
        AtomicFile.FlushDirectory(profile.Root);
    }

    /// <summary>Reads that of a restore that was interrupted; null if there is none.</summary>
    /// <exception cref="CodexException">It is unreadable.</exception>
    public static RestoreMoves? Read(Profile profile)
    {
        using var file = RegularFile.TryOpenRead(profile.UnfinishedRestoreFile, followLinks: false, out var problem);
        if (file is null)
        {
            return problem is null ? null : throw Unreadable(profile, problem);
        }

        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), MaxBytes)];
        var length = RandomAccess.Read(file, bytes, 0);
        try
        {
            return JsonNode.Parse(bytes.AsSpan(0, length)) is JsonObject read && Parse(profile, read) is { } moves
                ? moves
                : throw Unreadable(profile, "it is not what a restore writes");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable(profile, e.Message.TrimEnd('.'));
        }
    }

    // It says what is moved and deleted, so only names that a restore gives are believed.
    private static RestoreMoves? Parse(Profile profile, JsonObject read)
    {
        var moves = new RestoreMoves(
            profile,
            (string?)read["codex_home"] ?? "",
            (string?)read["staging"] ?? "",
            (string?)read["aside"] ?? "",
            NamesOf(read["out"]),
            NamesOf(read["in"]),
            NamesOf(read["rollouts"])
        );
        return
            Path.IsPathFullyQualified(moves.CodexHome)
            && RestoreNames.IsStaging(moves.Staging)
            && RestoreNames.IsAside(moves.Aside)
            && moves.Out.Concat(moves.In).All(name => ProfileRestore.Movable.Contains(name, StringComparer.Ordinal))
            && moves.Rollouts.All(name => ThreadFiles.IsRollout(name) && !name.Split('/').Contains("..", StringComparer.Ordinal))
            ? moves
            : null;
    }

    private static JsonArray ArrayOf(ImmutableArray<string> names) => new(names.Select(name => (JsonNode?)name).ToArray());

    private static ImmutableArray<string> NamesOf(JsonNode? array) =>
        array is JsonArray names ? [.. names.Select(name => (string?)name ?? "")] : [];

    private static CodexException Unreadable(Profile profile, string why) =>
        new(
            $"A restore into the profile {profile.Root} was interrupted, and its record {profile.UnfinishedRestoreFile} cannot be used: "
                + $"{why}. Move what the directory replaced-… in the profile has back by hand, and remove the record."
        );
}
