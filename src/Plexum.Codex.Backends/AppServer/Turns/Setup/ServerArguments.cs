using System.Collections.Immutable;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>
/// The configuration's extra arguments of <c>codex exec</c>, as far as a thread of the server can have them. Features and the provider of
/// the
/// model are a thread's own, when it is begun and when it is resumed (measured on 0.169.0 and 0.171.0). An assignment that codex would not
/// take is left to exec, where codex says so.
/// </summary>
/// <param name="Assignments">The values of <c>-c</c>.</param>
/// <param name="Model">The model; null if no argument names one.</param>
/// <param name="Unknown">The first argument that only a process of its own can have; null if there is none.</param>
internal sealed record ServerArguments(ImmutableArray<string> Assignments, string? Model, string? Unknown)
{
    /// <summary>Reads them.</summary>
    public static ServerArguments Of(ImmutableArray<string> arguments)
    {
        var assignments = ImmutableArray.CreateBuilder<string>();
        string? model = null;
        for (var at = 0; at < arguments.Length; at++)
        {
            var (option, value) = Split(arguments[at]);
            if (option is "--skip-git-repo-check" or "--json")
            {
                continue;
            }

            value ??= ++at < arguments.Length ? arguments[at] : null;
            switch (option)
            {
                case "-c" or "--config" when value?.IndexOf('=', StringComparison.Ordinal) > 0:
                    assignments.Add(value);
                    break;
                case "--enable" or "--disable" when value is not null:
                    assignments.Add($"features.{value}={(option == "--enable" ? "true" : "false")}");
                    break;
                case "-m" or "--model" when value is not null:
                    model = value;
                    break;
                default:
                    return new ServerArguments(assignments.ToImmutable(), model, option);
            }
        }

        return new ServerArguments(assignments.ToImmutable(), model, null);
    }

    // --option=value, -cvalue and -c=value; null where the value is the next argument.
    private static (string Option, string? Value) Split(string argument)
    {
        if (argument.StartsWith("--", StringComparison.Ordinal))
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
        }

        return argument.Length > 2 && argument[0] == '-' ? (argument[..2], argument[2..].TrimStart('=')) : (argument, null);
    }
}
