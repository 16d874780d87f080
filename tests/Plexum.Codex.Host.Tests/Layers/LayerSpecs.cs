using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;

namespace Plexum.Codex.Host.Layers;

/// <summary>The compiler keeps the projects apart; this keeps the folders of a project apart. A folder is a namespace.</summary>
public sealed class LayerSpecs
{
    public static TheoryData<string> Projects =>
        [
            .. new[]
            {
                "Plexum.Codex.Posix",
                "Plexum.Codex.Core",
                "Plexum.Codex.Storage",
                "Plexum.Codex.Backends",
                "Plexum.Codex.Actors",
                "Plexum.Codex.Molecule",
                "Plexum.Codex.Client",
                "plexum-codex",
                "Plexum.Codex.LoopbackModel",
            },
        ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_two_folders_of_a_project_use_each_other(string project)
    {
        var architecture = new ArchLoader().LoadAssemblies(System.Reflection.Assembly.Load(project)).Build();

        var rule = SliceRuleDefinition.Slices().Matching("Plexum.Codex.(**)").Should().BeFreeOfCycles();

        Assert.Equal(
            "",
            string.Join('\n', rule.Evaluate(architecture).Where(result => !result.Passed).Select(result => result.Description))
        );
    }
}
