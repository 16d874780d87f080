namespace Plexum.Codex.Chaos;

/// <summary>The quickest codex there is: a shell script that says the prompt back, which has one line, and notes that it did.</summary>
public sealed class EchoCodex
{
    private const string Script = """
        #!/bin/sh
        case "$1" in --version) echo 'codex-cli 0.169.0'; exit ;; sandbox) exit ;; esac
        if [ "$2" = -C ]; then shift 2; fi
        if [ "$2" = resume ]; then thread=$3; else read -r thread < /proc/sys/kernel/random/uuid; fi
        read -r prompt
        echo "$prompt" >> 'RECORD'
        printf '{"type":"thread.started","thread_id":"%s"}\n{"type":"turn.started"}\n' "$thread"
        printf '{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"%s"}}\n' "$prompt"
        printf '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}\n'
        """;

    private readonly string _record;

    /// <param name="place">An empty directory.</param>
    public EchoCodex(string place)
    {
        (Binary, _record) = (Path.Combine(place, "codex"), Path.Combine(place, "prompts"));
        File.WriteAllText(Binary, Script.Replace("RECORD", _record, StringComparison.Ordinal) + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Binary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The executable.</summary>
    public string Binary { get; }

    /// <summary>How often it was asked what.</summary>
    public Dictionary<string, int> Runs() => (File.Exists(_record) ? File.ReadLines(_record) : []).CountBy(prompt => prompt).ToDictionary();
}
