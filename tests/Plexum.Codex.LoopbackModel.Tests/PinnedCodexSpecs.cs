using Plexum.Codex.LoopbackModel.Codex;

namespace Plexum.Codex.LoopbackModel.Tests;

public sealed class PinnedCodexSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loopback-").FullName;

    [Theory]
    [InlineData("codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex")]
    [InlineData("codex-linux-arm64/vendor/aarch64-unknown-linux-musl/codex/codex")]
    public void The_native_binary_is_found_from_any_folder_below(string binary)
    {
        var packages = Path.Combine(_folder, "tests", "codex-cli", "node_modules", "@openai");
        Plant(Path.Combine(packages, "codex", "bin", "codex.js"));
        var expected = Plant(Path.Combine(packages, OperatingSystem.IsWindows() ? $"{binary}.exe" : binary));
        var below = Directory.CreateDirectory(Path.Combine(_folder, "tests", "Some.Tests", "bin")).FullName;

        Assert.Equal(Path.GetFullPath(expected), PinnedCodex.Find(below));
        Assert.Equal(Path.GetFullPath(expected), PinnedCodex.Require(_folder));
    }

    [Fact]
    public void The_newest_codex_is_apart_from_the_pinned_one()
    {
        var packages = Path.Combine(_folder, "tests", PinnedCodex.Newest, "node_modules", "@openai");
        var newest = Plant(Path.Combine(packages, "codex-linux-x64", "vendor", "x86_64", "bin", "codex"));

        Assert.Equal(newest, PinnedCodex.Require(_folder, PinnedCodex.Newest));
        Assert.Null(PinnedCodex.Find(_folder));
    }

    [Fact]
    public void A_missing_installation_is_reported_with_the_way_to_get_it()
    {
        Assert.Null(PinnedCodex.Find(_folder));

        var missing = Assert.Throws<FileNotFoundException>(() => PinnedCodex.Require(_folder));
        Assert.Contains("./build.sh codex", missing.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Plant(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }
}
