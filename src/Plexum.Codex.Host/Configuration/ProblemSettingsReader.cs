using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Configuration;

/// <summary>Reads when something counts as a problem.</summary>
internal static class ProblemSettingsReader
{
    public static ProblemSettings Read(SettingsValues values) =>
        new()
        {
            MaxWait = values.Age("plexum.problems.max-wait"),
            MaxFailures = values.Number("plexum.problems.max-failures", 1),
            MinRoom = values.Bytes("plexum.problems.min-room", 0),
        };
}
