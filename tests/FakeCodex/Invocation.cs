using System.Text;

namespace FakeCodex;

/// <summary>The command line of <c>codex exec</c>, read as codex reads it, and the prompt.</summary>
internal sealed class Invocation
{
    /// <summary>
    /// Where it works: where it was started, or what <c>-C</c> names. The directory may be deleted meanwhile, which codex does not mind.
    /// </summary>
    public static string Directory { get; private set; } = Environment.CurrentDirectory;

    private const string CommandPolicy = "shell_environment_policy.set.";

    private static readonly string[] Flags =
    [
        "--json",
        "--skip-git-repo-check",
        "--dangerously-bypass-approvals-and-sandbox",
        "--dangerously-bypass-hook-trust",
        "--ephemeral",
        "--ignore-user-config",
        "--ignore-rules",
        "--strict-config",
        "--trust",
        "--worktree",
    ];

    private static readonly string[] FlagsOfExec = ["--oss", "--approve-for-me"];
    private static readonly string[] FlagsOfResume = ["--last", "--all"];

    private static readonly string[] Values =
    [
        "--config",
        "--enable",
        "--disable",
        "--model",
        "--image",
        "--output-schema",
        "--output-last-message",
        "--thread-source",
        "--cyber-access-program",
    ];

    private static readonly string[] ValuesOfExec = ["--profile", "--sandbox", "--cd", "--add-dir", "--color", "--local-provider"];
    private static readonly string[] Repeatable = ["--config", "--enable", "--disable", "--image", "--add-dir"];

    private readonly List<string> _config = [];
    private readonly List<string> _positional = [];
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private bool _resume;

    private Invocation() { }

    /// <summary>The session id behind <c>resume</c>; null for a new thread.</summary>
    public string? ResumeId { get; private set; }

    public string Prompt { get; private set; } = "";

    /// <summary>The values of <c>-c</c>, in order.</summary>
    public IReadOnlyList<string> Config => _config;

    /// <summary>What commands get by <c>shell_environment_policy.set</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> CommandVariables =>
        _config
            .Where(value => value.StartsWith(CommandPolicy, StringComparison.Ordinal))
            .Select(value => value[CommandPolicy.Length..].Split('=', 2))
            .Select(parts => KeyValuePair.Create(parts[0], parts[1].Trim('"')));

    public static Invocation Read(string[] args)
    {
        if (args is not ["exec" or "e", .. var rest])
        {
            throw Refuse($"unrecognized subcommand '{(args.Length == 0 ? "" : args[0])}'");
        }

        var invocation = new Invocation();
        invocation.ReadArguments(rest);
        invocation.ReadPrompt();
        return invocation;
    }

    private static string Long(string option) =>
        option switch
        {
            "-c" => "--config",
            "-m" => "--model",
            "-i" => "--image",
            "-o" => "--output-last-message",
            "-p" => "--profile",
            "-s" => "--sandbox",
            "-C" => "--cd",
            _ => option,
        };

    private static ScriptExit Refuse(string why) =>
        ScriptExit.After(2, $"error: {why}", "", "Usage: codex exec [OPTIONS] [PROMPT]", "", "For more information, try '--help'.");

    private void ReadArguments(string[] args)
    {
        for (var at = 0; at < args.Length; at++)
        {
            var argument = args[at];
            if (argument == "--")
            {
                _positional.AddRange(args[(at + 1)..]);
                break;
            }

            if (argument == "-" || !argument.StartsWith('-'))
            {
                ReadPositional(argument);
                continue;
            }

            var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
            var name = Long(equals < 0 ? argument : argument[..equals]);
            if (IsFlag(name) && equals < 0)
            {
                TakeNote(name);
            }
            else if (IsValue(name))
            {
                TakeNote(name);
                at += equals < 0 ? ValuesBehind(args, at, name) : 0;
                if (name == "--cd")
                {
                    Environment.CurrentDirectory = equals < 0 ? args[at] : argument[(equals + 1)..];
                    Directory = Environment.CurrentDirectory;
                }
                else if (name == "--config")
                {
                    _config.Add(equals < 0 ? args[at] : argument[(equals + 1)..]);
                }
            }
            else
            {
                throw Refuse($"unexpected argument '{argument}' found");
            }
        }

        if (_resume && _positional.Count > 0 && !_given.Contains("--last"))
        {
            ResumeId = _positional[0];
            _positional.RemoveAt(0);
        }

        if (_positional.Count > 1)
        {
            throw Refuse($"unexpected argument '{_positional[1]}' found");
        }
    }

    private void ReadPositional(string argument)
    {
        if (!_resume && _positional.Count == 0 && argument is "resume")
        {
            _resume = true;
        }
        else if (!_resume && _positional.Count == 0 && argument is "review" or "fork" or "help")
        {
            throw Refuse($"the command 'exec {argument}' is not played");
        }
        else
        {
            _positional.Add(argument);
        }
    }

    // A list of images ends at the next option, so it swallows a prompt right behind it.
    private int ValuesBehind(string[] args, int at, string name)
    {
        if (at + 1 == args.Length)
        {
            throw Refuse($"a value is required for '{name}' but none was supplied");
        }

        var count = 1;
        while (
            name == "--image"
            && !_resume
            && at + count + 1 < args.Length
            && (args[at + count + 1] == "-" || !args[at + count + 1].StartsWith('-'))
        )
        {
            count++;
        }

        return count;
    }

    private bool IsFlag(string name) => Flags.Contains(name) || (_resume ? FlagsOfResume : FlagsOfExec).Contains(name);

    private bool IsValue(string name) => Values.Contains(name) || (!_resume && ValuesOfExec.Contains(name));

    private void TakeNote(string name)
    {
        if (!_given.Add(name) && !Repeatable.Contains(name))
        {
            throw Refuse($"the argument '{name}' cannot be used multiple times");
        }
    }

    private void ReadPrompt()
    {
        var argument = _positional.Count == 0 ? "-" : _positional[0];
        if (argument != "-")
        {
            Output.Error.Line("Reading additional input from stdin...");
        }

        using var stdin = new FileStream(
            new Microsoft.Win32.SafeHandles.SafeFileHandle(0, ownsHandle: false),
            FileAccess.Read,
            bufferSize: 0
        );
        using var all = new MemoryStream();
        stdin.CopyTo(all);
        var text = Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length);
        if (argument != "-")
        {
            Prompt = text.Length == 0 ? argument : $"{argument}\n\n<stdin>\n{text}\n</stdin>";
            return;
        }

        Prompt = text;
        if (string.IsNullOrWhiteSpace(text))
        {
            throw ScriptExit.After(1, "No prompt provided via stdin.");
        }
    }
}
