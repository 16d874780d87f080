using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Posix;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Sqlite;

/// <summary>
/// Moves a damaged database aside and saves whatever can be read of it. From the detection of the damage until the rescue is done, a
/// marker file beside the database holds the name that the damaged one gets, so a crash in between loses nothing.
/// </summary>
internal static class LedgerRescue
{
    private static readonly string[] Companions = ["-wal", "-shm"];

    /// <summary>Marks the database as damaged; the next opening rescues it.</summary>
    public static void Mark(LedgerOptions options)
    {
        try
        {
            if (!File.Exists(MarkOf(options)))
            {
                AtomicFile.Write(MarkOf(options), Encoding.UTF8.GetBytes(FreeName(options)));
            }
        }
        catch (IOException e)
        {
            options.Warn($"The ledger {options.Path} is damaged, and its marker file could not be written: {e.Message}");
        }
    }

    /// <summary>Starts or resumes the rescue of a marked database; does nothing without a marker.</summary>
    /// <exception cref="IOException">A file cannot be moved or written.</exception>
    /// <exception cref="LedgerUnavailableException">Another process has it open, and would go on writing to the damaged one.</exception>
    public static void Resume(LedgerOptions options)
    {
        var mark = MarkOf(options);
        if (!File.Exists(mark))
        {
            return;
        }

        if (LockHolder.FindOther(options.Path + "-shm") is { } user)
        {
            throw new LedgerUnavailableException(
                $"The ledger {options.Path} is damaged, and {user} still has it open. Wait for its end, or end it, and start the daemon "
                    + "again: it moves the file aside and saves what can be read of it."
            );
        }

        var name = Path.GetFileName(File.ReadAllText(mark));
        var aside = Path.Combine(Path.GetDirectoryName(options.Path)!, name.Length == 0 ? Path.GetFileName(FreeName(options)) : name);

        // The database is moved last, and its successor put in place at the end: if both exist, the rescue is done.
        if (!File.Exists(aside) || !File.Exists(options.Path))
        {
            MoveAside(options.Path, aside);
            options.Begins(ProblemKinds.LedgerRescued, Save(options, aside));
        }

        File.Delete(mark);
    }

    private static void MoveAside(string path, string aside)
    {
        foreach (var suffix in Companions.Append(""))
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, aside + suffix);
            }
        }
    }

    private static string Save(LedgerOptions options, string aside)
    {
        var fresh = options.Path + ".new";
        foreach (var suffix in Companions.Append("").Append("-journal"))
        {
            File.Delete(fresh + suffix);
        }

        OwnerOnly.CreateFile(fresh).Dispose();
        SavedRows saved;
        using (var target = LedgerFile.Open(fresh, options))
        {
            LedgerSchema.Migrate(target, fresh);
            saved = Copy(options, aside, target);
        }

        if (Libc.Rename(fresh, options.Path) != 0)
        {
            throw new IOException($"{fresh} cannot be put in place: {Libc.LastErrorText()}.");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"The ledger {options.Path} was damaged. It was moved to {aside}, and {saved.Turns} turns were saved from it"
                + $"{(saved.Lost > 0 ? $"; {saved.Lost} rows could not be read" : "")}"
                + $"{(saved.Problem is null ? "" : $"; {saved.Problem}")}"
                + $". Keep that file until you know that nothing is missing."
        );
    }

    private static SavedRows Copy(LedgerOptions options, string aside, SqliteConnection target)
    {
        try
        {
            using var source = LedgerFile.Open(aside, options);

            // Leave the damaged file as it was found: read its write-ahead log without merging it.
            const int NoCheckpointOnClose = 1006;
            SQLitePCL.raw.sqlite3_db_config(source.Handle, NoCheckpointOnClose, 1, out _);
            return new LedgerSalvage(source, target).Run();
        }
        catch (SqliteException e) when (LedgerProblem.IsDamage(e))
        {
            return new SavedRows(0, 0, $"nothing in it could be read ({LedgerProblem.Text(e)})");
        }
    }

    /// <summary>Whether the database is marked as damaged.</summary>
    public static bool IsMarked(LedgerOptions options) => File.Exists(MarkOf(options));

    private static string MarkOf(LedgerOptions options) => options.Path + ".damaged";

    private static string FreeName(LedgerOptions options)
    {
        var name = options.Path + ".bad-" + options.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        for (var next = 2; File.Exists(name); next++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{name}-{next}");
        }

        return name;
    }
}

/// <summary>What was saved from a damaged database.</summary>
/// <param name="Turns">How many turns were saved.</param>
/// <param name="Lost">How many rows are known to be lost.</param>
/// <param name="Problem">Why nothing could be saved; null if something was.</param>
internal sealed record SavedRows(long Turns, long Lost, string? Problem);
