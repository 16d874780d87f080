using Xunit;

namespace Plexum.Codex.Processes;

public sealed class CodexBinarySpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_path_is_taken_as_it_is_and_asked_for_its_version()
    {
        var path = Program("codex", "0.169.0");

        Assert.Equal(new CodexBinary(path, new Version(0, 169, 0), path), await Resolve(path));
    }

    [Fact]
    public async Task A_name_is_found_on_the_path_where_it_is_executable()
    {
        Directory.CreateDirectory(_directory.File("first/codex"));
        _directory.Write("codex", "not executable");
        var path = Program("second/codex", "0.135.0");

        var binary = await Resolve("codex", $"{_directory.File("first")}:{_directory.Root}::{_directory.File("second")}");

        Assert.Equal((path, new Version(0, 135, 0)), (binary.Path, binary.Version));
    }

    [Theory]
    [InlineData("node_modules/@openai/codex/vendor/x86_64-unknown-linux-musl/codex/codex")]
    [InlineData("node_modules/@openai/codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex")]
    [InlineData("node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex")]
    public async Task The_native_program_is_found_behind_npms_script(string native)
    {
        var path = Program(native, "0.150.1");
        var script = Program("node_modules/@openai/codex/bin/codex.js", "0.0.0");
        Directory.CreateDirectory(_directory.File("bin"));
        File.CreateSymbolicLink(_directory.File("bin/codex"), "../node_modules/@openai/codex/bin/codex.js");

        var byName = await Resolve("codex", _directory.File("bin"));

        Assert.Equal((path, _directory.File("bin/codex")), (byName.Path, byName.FoundAs));
        Assert.Equal(path, (await Resolve(script)).Path);
        Assert.Equal([Path.GetDirectoryName(path)!], byName.SearchPath.AsEnumerable());
    }

    [Fact]
    public async Task A_script_without_an_interpreter_line_is_told_to_have_none()
    {
        var path = Program("codex", "0.169.0");
        await File.WriteAllTextAsync(path, "echo codex-cli 0.169.0\n");

        var failure = await Assert.ThrowsAsync<CodexUnavailableException>(() => Resolve(path));

        Assert.Contains("interpreter line", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("npm", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_helpers_of_an_older_package_are_on_the_search_path()
    {
        var path = Directory.CreateDirectory(_directory.File("vendor/target/codex")).FullName + "/codex";
        File.Copy("/bin/sh", path);
        Directory.CreateDirectory(_directory.File("vendor/target/path"));

        Assert.Equal(
            [_directory.File("vendor/target/codex"), _directory.File("vendor/target/path")],
            new CodexBinary(path, new Version(0, 140, 0), path).SearchPath.AsEnumerable()
        );
    }

    [Fact]
    public async Task A_script_without_its_native_program_is_half_installed() =>
        Assert.Contains(
            "only partly installed",
            await Fail(Program("node_modules/@openai/codex/bin/codex.js", "0.169.0")),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_missing_codex_names_where_it_was_looked_for_and_how_to_install_it()
    {
        var missing = await Fail("codex", $"{_directory.Root}:/nowhere");
        Assert.Contains($"{_directory.Root}, /nowhere", missing, StringComparison.Ordinal);
        Assert.Contains("npm install -g @openai/codex", missing, StringComparison.Ordinal);

        Assert.Contains("which is empty", await Fail("codex", null), StringComparison.Ordinal);
        Assert.Contains("/nowhere/codex does not exist", await Fail("/nowhere/codex"), StringComparison.Ordinal);
        Assert.Contains("is not executable", await Fail(_directory.Write("text", "")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_codex_that_is_too_old_is_refused()
    {
        var message = await Fail(Program("codex", "0.134.9"));

        Assert.Contains("codex 0.134.9", message, StringComparison.Ordinal);
        Assert.Contains("0.135.0 or newer is needed", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_codex_is_recognised_by_its_answer()
    {
        var path = _directory.Write("codex", "#!/bin/sh\necho nonsense; echo trouble >&2; exit 3\n");
        MakeExecutable(path);

        var message = await Fail(path);

        Assert.Contains("exited with 3", message, StringComparison.Ordinal);
        Assert.Contains("nonsense", message, StringComparison.Ordinal);
        Assert.Contains("trouble", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_the_version_ends_with_the_token()
    {
        var path = _directory.Write("codex", "#!/bin/sh\nexec sleep 1000\n");
        MakeExecutable(path);
        using var cancellation = new CancellationTokenSource();
        var resolving = CodexBinary.ResolveAsync(path, null, cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving.WithinLimit());
    }

    private static Task<CodexBinary> Resolve(string configured, string? searchPath = null) =>
        CodexBinary.ResolveAsync(configured, searchPath).WithinLimit();

    private static async Task<string> Fail(string configured, string? searchPath = null) =>
        (await Assert.ThrowsAsync<CodexUnavailableException>(() => Resolve(configured, searchPath))).Message;

    private static void MakeExecutable(string path) =>
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private string Program(string name, string version)
    {
        var path = _directory.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\necho 'codex-cli {version}'\n");
        MakeExecutable(path);
        return path;
    }
}
