using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Ownership;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>
/// Looks at who else could change a directory of this program's or codex's, also where <c>PLEXUM_STRICT_MODES</c> keeps commands from
/// being refused for it.
/// </summary>
internal static class ModesCheck
{
    /// <summary>Looks at the directory itself.</summary>
    /// <returns>Null if nobody else can change it, or nothing is there.</returns>
    public static Finding? Of(string directory)
    {
        try
        {
            return PathSteps.Of(directory).LastOrDefault(step => step.IsEnd) is { } step ? Judge(step) : null;
        }
        catch (IOException e)
        {
            return new Finding(e.Message, "Name the directory itself instead of the links.");
        }
    }

    private static Finding? Judge(PathStep step) =>
        StrictModes.Judge(step, Libc.EffectiveUser(), isOnTheWay: false, Accounts.OfMachine) switch
        {
            Exposure.Owner => new Finding(
                $"{step.Path} belongs to the user {Accounts.OfMachine.Describe(step.Status.Owner)}, who could change what is run as you.",
                "Choose a directory of your own, or have root change its owner."
            ),
            Exposure.Mode => new Finding(
                $"{step.Path} has mode {Convert.ToString((int)step.Status.Permissions, 8)}, "
                    + "so other users could change what is run as you.",
                $"Look at what is in it, then run chmod go-w '{step.Path.Replace("'", "'\\''", StringComparison.Ordinal)}'."
            ),
            _ => null,
        };
}
