using System.Collections;
using System.Text;

namespace FakeCodex;

/// <summary>The file beside the script with one line for each invocation.</summary>
internal static class CallRecord
{
    /// <summary>Appends this invocation.</summary>
    /// <returns>Which one it is, from 1.</returns>
    public static int Append(FakeScript script, Invocation invocation, string[] args) =>
        Append(script, invocation.Prompt, Invocation.Directory, args);

    /// <summary>Appends a turn.</summary>
    /// <returns>Which one it is, from 1.</returns>
    public static int Append(FakeScript script, string prompt, string directory, string[] args)
    {
        if (script.Path is null)
        {
            return 1;
        }

        using var file = Exclusive.Open($"{script.Path}.calls");
        var number = 1;
        for (int b; (b = file.ReadByte()) >= 0; )
        {
            number += b == '\n' ? 1 : 0;
        }

        var names = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            names.Add((string)variable.Key);
        }

        names.Sort(StringComparer.Ordinal);
        var line =
            $"{{\"number\":{number},\"pid\":{Environment.ProcessId},\"argv\":{JsonText.Quote(args)},"
            + $"\"cwd\":{JsonText.Quote(directory)},\"env\":{JsonText.Quote(names)},"
            + $"\"path\":{JsonText.Quote(Environment.GetEnvironmentVariable("PATH") ?? "")},"
            + $"\"codex_home\":{JsonText.Quote(CodexHome.Folder)},\"prompt\":{JsonText.Quote(prompt)}}}\n";
        file.Write(Encoding.UTF8.GetBytes(line));
        return number;
    }
}
