using System.Collections.Immutable;
using Plexum.Codex.Host.Commands.Serving;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary>The arguments with which a daemon was started.</summary>
internal static class DaemonArguments
{
    /// <summary>The command of a daemon and its options, out of all its arguments; null if they are those of something else.</summary>
    /// <param name="arguments">All its arguments, the program's name included.</param>
    public static ImmutableArray<string>? CommandOf(ImmutableArray<string> arguments)
    {
        var program = arguments is [var first, _, ..] && Path.GetFileNameWithoutExtension(first) == "dotnet" ? 2 : 1;
        if (arguments.Length <= program)
        {
            return null;
        }

        var own = arguments[program..];
        var command = 0;
        while (command < own.Length && own[command].StartsWith('-'))
        {
            // Only --set may stand before a command and has its value apart.
            command += own[command] == CommonOptions.Set.Name ? 2 : 1;
        }

        return command < own.Length && IsDaemon(own[command..]) ? own : null;
    }

    /// <summary>The values of an option, in their order, given as <c>--name value</c> or <c>--name=value</c>.</summary>
    /// <param name="command">The command and its options.</param>
    /// <param name="option">The option's name.</param>
    public static IEnumerable<string> ValuesOf(ImmutableArray<string> command, string option)
    {
        for (var i = 0; i < command.Length; i++)
        {
            if (command[i] == option && i + 1 < command.Length)
            {
                yield return command[++i];
            }
            else if (command[i].StartsWith(option + "=", StringComparison.Ordinal))
            {
                yield return command[i][(option.Length + 1)..];
            }
        }
    }

    private static bool IsDaemon(ImmutableArray<string> own) =>
        own[0] == ServeCommand.Name || (own[0] == MoleculeCommand.Name && !own.Contains(DeadLettersCommand.Name, StringComparer.Ordinal));
}
