using System.Collections.Immutable;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Processes;

public sealed class ProcessEnvironmentSpecs
{
    private static readonly CodexBinary Binary = new("/opt/codex/bin/codex", new Version(0, 169, 0), "codex");

    [Fact]
    public void The_environment_is_ours_with_codexs_directory_first_on_the_path()
    {
        var own = new Dictionary<string, string>
        {
            ["HOME"] = "/home/a",
            ["PATH"] = "/bin",
            ["EMPTY"] = "",
        };

        var environment = new ProcessEnvironment().Build(own, Binary, TurnId.Parse("t1")).AsEnumerable();

        Assert.Equal(["EMPTY=", "HOME=/home/a", "PATH=/opt/codex/bin:/bin", "PLEXUM_CODEX_TURN=t1"], environment);
    }

    [Fact]
    public void Variables_are_removed_by_name_and_by_pattern()
    {
        var own = new Dictionary<string, string>
        {
            ["A"] = "1",
            ["AB"] = "2",
            ["PLEXUM_X"] = "3",
            ["PLEXUM_Y"] = "4",
            ["MY_TOKEN"] = "6",
            ["B"] = "5",
        };

        var environment = new ProcessEnvironment { Removed = VariablePatterns.Of("A", "PLEXUM_*", "*_token") }
            .Build(own, Binary, TurnId.Parse("t1"))
            .AsEnumerable();

        Assert.Equal(["AB=2", "B=5", "PATH=/opt/codex/bin", "PLEXUM_CODEX_TURN=t1"], environment);
    }

    [Fact]
    public void Added_variables_win()
    {
        var own = new Dictionary<string, string> { ["A"] = "1", ["PATH"] = "" };
        var added = ImmutableDictionary<string, string>.Empty.Add("A", "2").Add("PLEXUM_CODEX_TURN", "other");

        Assert.Equal(
            ["A=2", "PATH=/opt/codex/bin", "PLEXUM_CODEX_TURN=t1"],
            new ProcessEnvironment { Added = added }
                .Build(own, Binary, TurnId.Parse("t1"))
                .AsEnumerable()
        );
    }
}
