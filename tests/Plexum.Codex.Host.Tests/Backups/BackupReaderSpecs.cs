using System.Formats.Tar;
using System.Text;

namespace Plexum.Codex.Host.Backups;

/// <summary>An archive is not trusted.</summary>
public sealed class BackupReaderSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backup-").FullName;

    private string Archive => Path.Combine(_folder, "backup.tar");

    private string Target => Path.Combine(_folder, "target");

    public BackupReaderSpecs() => Directory.CreateDirectory(Target);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("profile/../../outside")]
    [InlineData("profile/agents/../../../outside")]
    [InlineData("profile//ledger.db")]
    [InlineData("profile/api-token")]
    [InlineData("profile/plexum.json")]
    [InlineData("profile/agents/no agent/x")]
    [InlineData("codex/auth.json")]
    [InlineData("codex/config.toml")]
    [InlineData("codex/sessions/2026/01/31/notes.jsonl")]
    [InlineData("codex/../rollout-2026-01-31T08-15-00-0199a213-81c0-7800-8aa1-bbab2a035a53.jsonl")]
    [InlineData("elsewhere/x")]
    public void A_name_that_no_backup_has_is_refused(string name)
    {
        Write(tar => tar.WriteEntry(File(name)));

        Assert.Throws<CodexException>(() => new BackupReader(Target).Unpack(Archive));
        Assert.Equal(["backup.tar", "target"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData(TarEntryType.RegularFile, "profile/agents")]
    [InlineData(TarEntryType.RegularFile, "profile/agents/alice")]
    [InlineData(TarEntryType.RegularFile, "profile/threads")]
    [InlineData(TarEntryType.Directory, "profile/ledger.db")]
    [InlineData(TarEntryType.Directory, "profile/plugins/plexum-openai-provider/config.json")]
    public void A_file_in_place_of_a_directory_is_refused_and_the_reverse(TarEntryType type, string name)
    {
        Write(tar => tar.WriteEntry(new PaxTarEntry(type, name)));

        Assert.Throws<CodexException>(() => new BackupReader(Target).Unpack(Archive));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "profile/agents/alice/turns")]
    [InlineData(TarEntryType.SymbolicLink, "profile/threads/x")]
    [InlineData(TarEntryType.SymbolicLink, "profile/agents/alice/workspace")]
    [InlineData(TarEntryType.HardLink, "profile/agents/alice/workspace/x")]
    [InlineData(TarEntryType.Fifo, "profile/agents/alice/workspace/x")]
    public void Links_outside_workspaces_and_what_is_no_file_are_refused(TarEntryType type, string name)
    {
        Write(tar =>
        {
            var entry = new PaxTarEntry(type, name);
            if (type != TarEntryType.Fifo)
            {
                entry.LinkName = "/etc/passwd";
            }

            tar.WriteEntry(entry);
        });

        Assert.Throws<CodexException>(() => new BackupReader(Target).Unpack(Archive));
    }

    [Fact]
    public void Nothing_is_written_through_a_link_of_a_workspace()
    {
        Write(tar =>
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "profile/agents/alice/workspace/out") { LinkName = _folder });
            tar.WriteEntry(File("profile/agents/alice/workspace/out/planted"));
        });

        Assert.Throws<CodexException>(() => new BackupReader(Target).Unpack(Archive));
        Assert.False(System.IO.File.Exists(Path.Combine(_folder, "planted")));
    }

    [Fact]
    public void Modes_are_the_owner_s_and_workspaces_keep_theirs_without_what_others_could_change()
    {
        const UnixFileMode All = (UnixFileMode)0xFFF;
        Write(tar =>
        {
            tar.WriteEntry(File("profile/threads/x", All));
            tar.WriteEntry(File("profile/agents/alice/workspace/run.sh", All));
        });

        new BackupReader(Target).Unpack(Archive);

        Assert.Equal((UnixFileMode)0x1C0, System.IO.File.GetUnixFileMode(Path.Combine(Target, "profile/threads/x")));
        Assert.Equal((UnixFileMode)0x1ED, System.IO.File.GetUnixFileMode(Path.Combine(Target, "profile/agents/alice/workspace/run.sh")));
    }

    [Fact]
    public void An_archive_that_was_cut_off_has_another_form_or_is_none_is_refused()
    {
        Write(tar => tar.WriteEntry(File("profile/threads/x")));
        var whole = System.IO.File.ReadAllBytes(Archive);

        foreach (var bytes in new[] { whole[..^2048], whole[..700], [], Encoding.UTF8.GetBytes("no archive at all"), new byte[4096] })
        {
            System.IO.File.WriteAllBytes(Archive, bytes);
            var target = Directory.CreateDirectory(Path.Combine(_folder, $"cut-{Guid.NewGuid():N}")).FullName;
            Assert.Throws<CodexException>(() => new BackupReader(target).Unpack(Archive));
        }
    }

    private static PaxTarEntry File(string name, UnixFileMode mode = UnixFileMode.UserRead) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("x"u8.ToArray()), Mode = mode };

    private void Write(Action<TarWriter> entries)
    {
        using var file = System.IO.File.Create(Archive);
        using var tar = new TarWriter(file, TarEntryFormat.Pax);
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, "0", DateTimeOffset.UnixEpoch, "/profile", "/codex");
        tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, ArchiveName.Manifest) { DataStream = new MemoryStream(manifest.ToBytes()) }
        );
        entries(tar);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, ArchiveName.End));
    }
}
