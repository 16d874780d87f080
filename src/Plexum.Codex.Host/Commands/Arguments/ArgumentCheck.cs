using System.CommandLine;
using System.Globalization;
using Plexum.Codex.Host.Rendering;

namespace Plexum.Codex.Host.Commands.Arguments;

/// <summary>
/// Finds options and commands that do not exist. System.CommandLine takes an unknown option for an argument where there is room for one
/// (tried with 3.0.0), so that a mistyped option would become the text that is said to an agent.
/// </summary>
internal static class ArgumentCheck
{
    private const int MaxShown = 60;

    /// <summary>A sentence about the first mistake, with what was probably meant; null if there is none.</summary>
    /// <param name="root">The root command.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="command">The command that they name so far.</param>
    public static string? FindMistake(Command root, IReadOnlyList<string> arguments, out Command command)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        command = root;
        for (var at = 0; at < arguments.Count && arguments[at] != "--"; at++)
        {
            var argument = arguments[at];
            if (!IsOption(argument))
            {
                if (Chosen(command, argument) is { } chosen)
                {
                    command = chosen;
                }
                else if (!IsDirective(at, argument) && command.Arguments.Count == 0 && command.Subcommands.Count > 0)
                {
                    return NoCommand(command, argument);
                }

                continue;
            }

            var name = NameOf(argument);
            var hasValue = name != argument;
            var known = Named(command, name) ?? LastOf(command, argument, ref hasValue);
            if (known is null)
            {
                return NoOption(command, argument, name);
            }

            // A command's own check of its switches fails on a value that is none.
            if (hasValue && !TakesValue(known) && argument[(name.Length + 1)..] is var state && !bool.TryParse(state, out _))
            {
                return $"{known.Name} is a switch: it stands alone, without {Shown(state)}.";
            }

            if (!hasValue && TakesValue(known) && at + 1 < arguments.Count && arguments[at + 1] is var value && value != "--")
            {
                if (IsOption(value) && !IsNumber(value) && Named(command, NameOf(value)) is null)
                {
                    return $"{known.Name} is followed by {Shown(value)}, which looks like an option but is not one. "
                        + $"Write a value that begins with a dash as {known.Name}={Shown(value)}.";
                }

                at += IsOption(value) && !IsNumber(value) ? 0 : 1;
            }
        }

        return null;
    }

    // -fn 20 and -n5: options of one letter behind one dash, of which the last may take a value.
    private static Option? LastOf(Command command, string cluster, ref bool hasValue)
    {
        Option? last = null;
        foreach (var letter in cluster[1..])
        {
            if (Named(command, $"-{letter}") is { } option)
            {
                last = option;
                continue;
            }

            // As the parser reads it, the value begins with the first letter that is no option.
            hasValue = true;
            return last is not null && TakesValue(last) ? last : null;
        }

        hasValue = false;
        return last;
    }

    private static string NoOption(Command command, string argument, string name)
    {
        var options = OptionsOf(command).Where(option => !option.Hidden).Select(option => option.Name);
        var meant = Closest.To(name, options) is { } closest ? $"; did you mean {closest}?" : ".";
        var text = command.Arguments.Count > 0 ? $" Put -- before {ArgumentsOf(command)} that begins with a dash." : "";
        return $"There is no option {Shown(name == argument ? argument : name)}{meant}{text}";
    }

    private static string NoCommand(Command command, string argument)
    {
        var names = command.Subcommands.Where(other => !other.Hidden).Select(other => other.Name);
        return $"There is no command {Shown(argument)}{(Closest.To(argument, names) is { } closest ? $"; did you mean {closest}?" : ".")}";
    }

    private static string ArgumentsOf(Command command) => $"a {string.Join(" or ", command.Arguments.Select(argument => argument.Name))}";

    private static Command? Chosen(Command command, string name) => command.Subcommands.FirstOrDefault(other => IsNamed(other, name));

    private static Option? Named(Command command, string name) => OptionsOf(command).FirstOrDefault(option => IsNamed(option, name));

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive));

    private static bool IsNamed(Command command, string name) => command.Name == name || command.Aliases.Contains(name);

    private static bool IsNamed(Option option, string name) => option.Name == name || option.Aliases.Contains(name);

    // A dash alone stands for standard input.
    private static bool IsOption(string argument) => argument.Length > 1 && argument[0] == '-';

    // [suggest], which shells ask for completions with.
    private static bool IsDirective(int at, string argument) => at == 0 && argument.StartsWith('[');

    private static bool IsNumber(string argument) =>
        double.TryParse(argument, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    // A flag stands alone.
    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static string NameOf(string argument) => argument.AsSpan().IndexOfAny('=', ':') is var end and > 0 ? argument[..end] : argument;

    private static string Shown(string argument) => Consoles.OneLine(argument, MaxShown);
}
