using System.Collections;
using System.Globalization;
using System.Text;

namespace FakeCodex;

/// <summary>The file beside the script with one line for each invocation.</summary>
internal static class CallRecord
{
    /// <summary>Appends this invocation.</summary>
    /// <returns>Which one it is, from 1.</returns>
    public static int Append(FakeScript script, Invocation invocation, string[] args) =>
        Append(script, invocation.Prompt, Invocation.Directory, args);

    /// <summary>Which invocation the next one will be, from 1.</summary>
    public static int Next(FakeScript script)
    {
        if (script.Path is null)
        {
            return 1;
        }

        using var file = Exclusive.Open($"{script.Path}.calls");
        return Next(file);
    }

    /// <summary>Appends a turn.</summary>
    /// <returns>Which one it is, from 1.</returns>
    public static int Append(FakeScript script, string prompt, string directory, string[] args)
    {
        if (script.Path is null)
        {
            return 1;
        }

        using var file = Exclusive.Open($"{script.Path}.calls");
        var number = Next(file);
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

    /// <summary>Notes that a turn of the server has ended: nothing of it can still do work.</summary>
    public static void AppendEnd(FakeScript script, int call)
    {
        if (script.Path is not null)
        {
            using var file = Exclusive.Open($"{script.Path}.ends");
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{call}\n")));
        }
    }

    /// <summary>Notes that a request of the server is left without an answer.</summary>
    public static void AppendUnanswered(FakeScript script, string method)
    {
        if (script.Path is not null)
        {
            using var file = Exclusive.Open($"{script.Path}.unanswered");
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.UTF8.GetBytes($"{method}\n"));
        }
    }

    // Where the next one is to be written.
    private static int Next(FileStream file)
    {
        var number = 1;
        for (int b; (b = file.ReadByte()) >= 0; )
        {
            number += b == '\n' ? 1 : 0;
        }

        return number;
    }
}
