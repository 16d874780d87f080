using Plexum.Codex.AppServer.Server;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>What of codex's files has a thread loaded anew.</summary>
public sealed class ConfigurationStampSpecs : IDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly TemporaryDirectory _repository = new();

    public ConfigurationStampSpecs()
    {
        Directory.CreateDirectory(_repository.File(".git"));
        Directory.CreateDirectory(Path.Combine(Workspace, ".codex"));
    }

    private string Workspace => _repository.File("a/b");

    private string Now => ConfigurationStamp.Of(_home.Root, Workspace);

    public void Dispose()
    {
        _home.Dispose();
        _repository.Dispose();
    }

    [Fact]
    public void Each_file_that_codex_reads_counts_when_it_is_made_changed_or_removed()
    {
        string[] files =
        [
            _home.File("config.toml"),
            _home.File("AGENTS.md"),
            _repository.File("AGENTS.md"),
            _repository.File("a/AGENTS.override.md"),
            Path.Combine(Workspace, ".codex", "config.toml"),
        ];
        var none = Now;
        foreach (var file in files)
        {
            File.WriteAllText(file, "one");
            var made = Now;
            File.WriteAllText(file, "two");
            var changed = Now;
            File.Delete(file);

            Assert.Equal(3, new HashSet<string> { none, made, changed }.Count);
            Assert.Equal(none, Now);
        }
    }

    [Fact]
    public void What_lies_above_the_repository_or_is_something_else_does_not_count()
    {
        var before = Now;

        File.WriteAllText(Path.Combine(Workspace, "README.md"), "one");
        File.WriteAllText(_home.File("history.jsonl"), "{}");
        Assert.Equal(before, Now);

        Directory.CreateDirectory(_repository.File("a/.git"));
        var inner = Now;
        File.WriteAllText(_repository.File("AGENTS.md"), "one");
        Assert.Equal(inner, Now);
    }

    [Fact]
    public void Setups_with_other_files_are_not_the_same()
    {
        var setup = new ThreadSetup(Workspace) { Files = "one" };

        Assert.NotEqual(setup.Fingerprint, new ThreadSetup(Workspace) { Files = "two" }.Fingerprint);
        Assert.Equal(setup.Fingerprint, new ThreadSetup(Workspace) { Files = "one" }.Fingerprint);
    }
}
