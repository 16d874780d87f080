using System.Diagnostics;
using System.Text.Json;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Installation;

/// <summary>The plugin's directory, with small programs in the place of this one.</summary>
public sealed class PluginFolderSpecs : IDisposable
{
    private const string Executable = "plexum-openai-provider-plugin";

    private readonly string _root = Directory.CreateTempSubdirectory("plexum-plugin-").FullName;
    private readonly List<Process> _running = [];

    private PluginFolder Folder => new(Path.Combine(_root, "profile", "plugins", "plexum-openai-provider"));

    public void Dispose()
    {
        foreach (var process in _running)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Both_executables_run_from_a_version_of_their_own_with_the_relay_beside_them()
    {
        var installed = Folder.Install(Source("one"), PluginManifest.Default);

        Assert.Empty(installed.InUse);
        foreach (var name in new[] { "plexum-codex", Executable })
        {
            Assert.Equal($"one as {name}", await RunAsync(At(name)));
            var program = File.ResolveLinkTarget(At(name), returnFinalTarget: true)!.FullName;
            Assert.Equal(Path.Combine(Folder.Path, "versions", installed.Version, name), program);
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(program)!, "plexum-codex-mcp-host")));
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(program)!, "more", "library.so")));
            Assert.Equal(At(name), PluginFolder.LastingName(program));
        }

        Assert.Equal("/usr/bin/plexum-codex", PluginFolder.LastingName("/usr/bin/plexum-codex"));
    }

    [Fact]
    public async Task It_can_be_copied_packed_and_moved()
    {
        Folder.Install(Source("one"), PluginManifest.Default);

        await ShellAsync($"cp -r '{Folder.Path}' '{_root}/copied'");
        await ShellAsync($"mkdir '{_root}/unpacked' && tar -C '{Folder.Path}' -cf - . | tar -C '{_root}/unpacked' -xf -");
        await ShellAsync($"mv '{Folder.Path}' '{_root}/moved'");

        foreach (var place in new[] { "copied", "unpacked", "moved" })
        {
            Assert.Equal($"one as {Executable}", await RunAsync(Path.Combine(_root, place, Executable)));
        }
    }

    [Fact]
    public async Task A_plugin_that_was_there_is_replaced_its_configuration_kept_and_what_runs_goes_on()
    {
        Directory.CreateDirectory(Folder.Path);
        File.Copy("/bin/sleep", At(Executable));
        byte[] configuration = [.. "{ \"binary\" : \"/x\",\r\n \"odd\": [ ] }"u8];
        await File.WriteAllBytesAsync(At("config.json"), configuration);
        File.SetUnixFileMode(At("config.json"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var written = File.GetLastWriteTimeUtc(At("config.json"));
        await File.WriteAllTextAsync(At("manifest.json"), "{}");
        var old = await StartAsync(At(Executable), "1000");

        Folder.Install(Source("one"), PluginManifest.Default);

        Assert.False(old.HasExited);
        Assert.Equal($"one as {Executable}", await RunAsync(At(Executable)));
        Assert.Equal(configuration, await File.ReadAllBytesAsync(At("config.json")));
        Assert.Equal(
            (written, UnixFileMode.UserRead | UnixFileMode.GroupRead),
            (File.GetLastWriteTimeUtc(At("config.json")), File.GetUnixFileMode(At("config.json")))
        );
        Assert.Equal(PluginManifest.Default.ToFile(), await File.ReadAllBytesAsync(At("manifest.json")));
    }

    [Fact]
    public async Task A_version_that_something_runs_from_stays_until_it_has_ended()
    {
        var first = Source("one");
        File.Copy("/bin/sleep", Path.Combine(first, "plexum-codex"), overwrite: true);
        var old = Folder.Install(first, PluginManifest.Default).Version;
        var process = await StartAsync(At("plexum-codex"), "1000");

        var second = Folder.Install(Source("two"), PluginManifest.Default);
        Assert.Equal(old, Assert.Single(second.InUse));
        Assert.Equal(2, Versions().Count());
        process.Kill();
        process.WaitForExit();
        var third = Folder.Install(Source("three"), PluginManifest.Default);

        Assert.Empty(third.InUse);
        Assert.Equal(third.Version, Assert.Single(Versions()));
    }

    [Fact]
    public void A_version_stays_whose_daemon_keeps_from_others_what_it_runs()
    {
        var old = Folder.Install(Source("one"), PluginManifest.Default).Version;

        using (ProgramMark.Set(Path.Combine(Folder.Path, "versions", old)))
        {
            Assert.Equal(old, Assert.Single(Folder.Install(Source("two"), PluginManifest.Default).InUse));
        }

        Assert.Empty(Folder.Install(Source("three"), PluginManifest.Default).InUse);
    }

    [Fact]
    public async Task The_same_program_again_changes_nothing_and_mends_what_was_damaged()
    {
        var source = Source("one");
        var version = Folder.Install(source, PluginManifest.Default).Version;
        await File.WriteAllTextAsync(Path.Combine(Folder.Path, "versions", version, "plexum-codex-mcp-host"), "damaged");

        Assert.Equal(version, Folder.Install(source, PluginManifest.Default).Version);

        Assert.Equal(version, Assert.Single(Versions()));
        Assert.Equal("relay", await File.ReadAllTextAsync(Path.Combine(Folder.Path, "versions", version, "plexum-codex-mcp-host")));
        var made = Directory.GetCreationTimeUtc(Path.Combine(Folder.Path, "versions", version));
        Folder.Install(source, PluginManifest.Default);
        Assert.Equal(made, Directory.GetCreationTimeUtc(Path.Combine(Folder.Path, "versions", version)));
    }

    [Fact]
    public async Task An_installation_that_is_cut_off_leaves_the_version_before_and_the_next_one_clears_up()
    {
        Folder.Install(Source("one"), PluginManifest.Default);
        var broken = Source("two");
        File.CreateSymbolicLink(Path.Combine(broken, "more", "zz"), "/nowhere/at/all");

        var refusal = Assert.Throws<CodexException>(() => Folder.Install(broken, PluginManifest.Default));

        Assert.Contains("The previous installation is unchanged.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal($"one as {Executable}", await RunAsync(At(Executable)));
        Assert.Equal(2, Versions().Count());
        var version = Folder.Install(Source("three"), PluginManifest.Default).Version;
        Assert.Equal(version, Assert.Single(Versions()));
        Assert.Equal($"three as {Executable}", await RunAsync(At(Executable)));
    }

    [Fact]
    public void A_directory_without_the_program_and_one_that_holds_the_plugin_are_refused()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_root, "empty")).FullName;
        Assert.Contains(
            "has no plexum-codex",
            Assert.Throws<CodexException>(() => Folder.Install(empty, PluginManifest.Default)).Message,
            StringComparison.Ordinal
        );

        var source = Source("one");
        var inside = new PluginFolder(Path.Combine(source, "plugins", "plexum-openai-provider"));
        Assert.Contains(
            "is inside",
            Assert.Throws<CodexException>(() => inside.Install(source + "/", PluginManifest.Default)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is inside",
            Assert.Throws<CodexException>(() => new PluginFolder(source).Install(source, PluginManifest.Default)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_manifest_says_what_the_Go_plugin_s_says()
    {
        using var manifest = JsonDocument.Parse(new PluginManifest(["codex", "gpt-5"]).ToFile());

        Assert.Equal(
            "{\"name\":\"plexum-openai-provider\",\"version\":\"0.1.0\",\"activation\":\"lazy\","
                + "\"executable\":\"plexum-openai-provider-plugin\",\"contracts\":{\"provider\":{\"models\":[\"codex\",\"gpt-5\"]}}}",
            JsonSerializer.Serialize(manifest.RootElement)
        );
    }

    private IEnumerable<string> Versions() =>
        Directory.EnumerateDirectories(Path.Combine(Folder.Path, "versions")).Select(directory => Path.GetFileName(directory)!);

    private string At(string name) => Path.Combine(Folder.Path, name);

    private string Source(string name)
    {
        var source = Directory.CreateDirectory(Path.Combine(_root, "source-" + name)).FullName;
        File.WriteAllText(Path.Combine(source, "plexum-codex"), $"#!/bin/sh\necho \"{name} as $(basename \"$0\")\"\n");
        File.WriteAllText(Path.Combine(source, "plexum-codex-mcp-host"), "relay");
        Directory.CreateDirectory(Path.Combine(source, "more"));
        File.WriteAllText(Path.Combine(source, "more", "library.so"), name);
        return source;
    }

    private async Task<Process> StartAsync(string program, params string[] arguments)
    {
        var process = Process.Start(program, arguments);
        _running.Add(process);

        // Its file is in its memory once it runs; before that it is this process's.
        await Limits.UntilAsync(() => ProcessProbe.CommandLineOf(process.Id).StartsWith(program, StringComparison.Ordinal));
        return process;
    }

    private static async Task<string> RunAsync(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.TrimEnd();
    }

    private static async Task ShellAsync(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}
