namespace Plexum.Codex.Processes.Search;

public sealed class NpmScriptSpecs : IDisposable
{
    private const string Native = "vendor/x86_64-unknown-linux-musl/bin/codex";

    private readonly TemporaryDirectory _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_package_is_known_by_its_name_wherever_it_is()
    {
        var native = Program($"renamed/{Native}");
        var script = Program("renamed/bin/codex.js");
        _place.Write("renamed/package.json", """{"name":"@openai/codex"}""");
        File.CreateSymbolicLink(_place.File("codex"), "renamed/bin/codex.js");

        Assert.Equal(new NpmScript(script, _place.File("renamed")), NpmScript.At(_place.File("codex")));
        Assert.Equal(native, NpmScript.At(script)!.FindNative());
    }

    [Fact]
    public void Pnpm_links_the_package_s_directory_into_its_store()
    {
        var native = Program($"store/node_modules/@openai/codex-linux-x64/{Native}");
        Program("store/node_modules/@openai/codex/bin/codex.js");
        Directory.CreateDirectory(_place.File("node_modules/@openai"));
        Directory.CreateSymbolicLink(_place.File("node_modules/@openai/codex"), "../../store/node_modules/@openai/codex");

        Assert.Equal(native, NpmScript.At(_place.File("node_modules/@openai/codex/bin/codex.js"))!.FindNative());
    }

    [Theory]
    [InlineData("other/bin/codex.js", """{"name":"codex"}""")]
    [InlineData("other/bin/codex.js", "no JSON")]
    [InlineData("other/bin/codex.js", "[]")]
    [InlineData("other/bin/codex.js", """{"name":1}""")]
    [InlineData("other/bin/codex.js", null)]
    [InlineData("other/bin/shim.js", """{"name":"@openai/codex"}""")]
    [InlineData("other/dist/codex.js", """{"name":"@openai/codex"}""")]
    [InlineData("other/bin/codex", """{"name":"@openai/codex"}""")]
    public void Any_other_script_is_a_program_like_others(string name, string? manifest)
    {
        var script = Program(name);
        if (manifest is not null)
        {
            _place.Write("other/package.json", manifest);
        }

        Assert.Null(NpmScript.At(script));
    }

    private string Program(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_place.File(name))!);
        var path = _place.Write(name, "#!/bin/sh\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
