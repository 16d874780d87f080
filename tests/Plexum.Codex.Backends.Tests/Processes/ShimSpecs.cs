using System.ComponentModel;
using System.Diagnostics;

namespace Plexum.Codex.Processes;

/// <summary>Codex behind the links and scripts of version and package managers.</summary>
public sealed class ShimSpecs : IDisposable
{
    // ETXTBSY
    private const int FileBusy = 26;

    private readonly TemporaryDirectory _place = new();

    public ShimSpecs()
    {
        foreach (var directory in new[] { "shims", "real" })
        {
            Directory.CreateDirectory(_place.File(directory));
        }
    }

    private string Shim => _place.File("shims/codex");

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_link_is_started_under_its_own_name_because_its_program_may_look_at_that()
    {
        Install("manager", """case $(basename "$0") in codex) echo codex-cli 0.169.0 ;; *) echo manager 2026.1.2 ;; esac""");
        File.CreateSymbolicLink(Shim, "../manager");

        Assert.Equal(new CodexBinary(Shim, new Version(0, 169, 0), Shim), await Resolve("codex", _place.File("shims")));
        Assert.Equal(Shim, (await Resolve(Shim)).Path);
    }

    [Fact]
    public async Task Both_names_are_described()
    {
        Install("manager", "echo codex-cli 0.169.0");
        File.CreateSymbolicLink(Shim, "../manager");
        Install("real/codex", "echo codex-cli 0.169.0");

        Assert.Equal($"{Shim}, which leads to {_place.File("manager")}", (await Resolve(Shim)).Describe());
        Assert.Equal(_place.File("real/codex"), (await Resolve(_place.File("real/codex"))).Describe());
    }

    [Fact]
    public async Task A_manager_that_gives_its_own_version_is_not_codex()
    {
        Install("manager", "echo manager 2026.1.2");
        File.CreateSymbolicLink(Shim, "../manager");

        var message = await Fail(Shim);

        Assert.Contains("manager 2026.1.2", message, StringComparison.Ordinal);
        Assert.Contains($"leads to {_place.File("manager")}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo No version is set for command codex >&2; echo 'Consider adding one of these:'; echo codex 0.160.0; exit 126")]
    [InlineData("printf 'No version is set for command codex\\nConsider codex 0.160.0\\n' >&2")]
    public async Task A_shim_without_a_version_is_reported_with_its_words_whatever_versions_it_names(string script)
    {
        Install("shims/codex", script);

        Assert.Contains("No version is set for command codex", await Fail(Shim), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shim_that_an_update_still_writes_is_asked_once_it_is_written()
    {
        Install("shims/codex", "echo codex-cli 0.169.0");
        var update = new FileStream(Shim, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

        var resolved = Resolve(Shim);
        Assert.Equal(FileBusy, StartErrorOf(Shim));
        await update.DisposeAsync();

        Assert.Equal(new Version(0, 169, 0), (await resolved).Version);
    }

    [Fact]
    public async Task What_a_shim_says_is_one_short_line_without_control_characters()
    {
        Install("shims/codex", """printf 'a\033[2Jb\n%05000d' 0; exit 1""");

        var message = await Fail(Shim);

        Assert.Contains(@"a\x1b[2Jb", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 1, 3000);
    }

    [Fact]
    public async Task What_cannot_be_run_is_passed_over_on_PATH_and_named_if_nothing_else_is_there()
    {
        Directory.CreateDirectory(_place.File("directory/codex"));
        Directory.CreateDirectory(_place.File("text"));
        _place.Write("text/codex", "not executable");
        foreach (var (name, target) in new[] { ("broken", "nowhere"), ("loop", "codex") })
        {
            Directory.CreateDirectory(_place.File(name));
            File.CreateSymbolicLink(_place.File($"{name}/codex"), target);
        }

        Install("real/codex", "echo codex-cli 0.169.0");
        foreach (var name in new[] { "directory", "text", "broken", "loop" })
        {
            Assert.Equal(_place.File("real/codex"), (await Resolve("codex", $"{_place.File(name)}:{_place.File("real")}")).Path);
            Assert.Contains(_place.File($"{name}/codex is "), await Fail("codex", _place.File(name)), StringComparison.Ordinal);
        }

        Assert.Contains("is a link that leads nowhere", await Fail(_place.File("broken/codex")), StringComparison.Ordinal);
        Assert.Contains("is a directory", await Fail(_place.File("directory/codex")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relative_entry_of_PATH_becomes_absolute_and_an_empty_one_is_not_the_current_directory()
    {
        Install("real/codex", "echo codex-cli 0.169.0");
        var here = Path.Combine(Environment.CurrentDirectory, $"codex-{Guid.NewGuid():N}");
        File.Copy(_place.File("real/codex"), here);
        try
        {
            var relative = Path.GetRelativePath(Environment.CurrentDirectory, _place.File("real"));

            Assert.Equal(_place.File("real/codex"), (await Resolve("codex", relative)).Path);
            Assert.Contains("there is no program", await Fail(Path.GetFileName(here), ":/nowhere:"), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(here);
        }
    }

    [Fact]
    public void The_directories_of_the_program_that_a_link_leads_to_are_on_the_search_path_and_not_that_of_the_link()
    {
        InstallNative("real/bin/codex");
        Directory.CreateDirectory(_place.File("real/path"));
        File.CreateSymbolicLink(Shim, "../real/bin/codex");

        var codex = new CodexBinary(Shim, new Version(0, 169, 0), Shim);

        Assert.False(codex.IsShim);
        Assert.Equal([_place.File("real/bin"), _place.File("real/path")], codex.SearchPath.AsEnumerable());
    }

    [Fact]
    public void A_script_and_a_program_of_another_name_are_shims_and_add_nothing_to_the_search_path()
    {
        Install("real/codex", "exit");
        InstallNative("manager");
        File.CreateSymbolicLink(Shim, "../manager");

        foreach (var path in new[] { _place.File("real/codex"), Shim })
        {
            var codex = new CodexBinary(path, new Version(0, 169, 0), path);
            Assert.True(codex.IsShim);
            Assert.Empty(codex.SearchPath);
        }
    }

    private static Task<CodexBinary> Resolve(string configured, string? searchPath = null) =>
        CodexBinary.ResolveAsync(configured, searchPath).WithinLimit();

    private static async Task<string> Fail(string configured, string? searchPath = null) =>
        (await Assert.ThrowsAsync<CodexUnavailableException>(() => Resolve(configured, searchPath))).Message;

    private static int StartErrorOf(string program)
    {
        var failure = Assert.Throws<Win32Exception>(() => Process.Start(new ProcessStartInfo(program)));
        return failure.NativeErrorCode;
    }

    // In the format of codex itself.
    private void InstallNative(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_place.File(name))!);
        File.Copy("/bin/sh", _place.File(name));
    }

    private void Install(string name, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_place.File(name))!);
        var path = _place.Write(name, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
