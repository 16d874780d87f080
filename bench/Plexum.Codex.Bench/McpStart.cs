using System.Diagnostics;

namespace Plexum.Codex.Bench;

/// <summary>An MCP server over standard streams, started as often as it is wanted.</summary>
/// <param name="Program">Its program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Variables">What its environment has besides that of the benchmark.</param>
/// <param name="Size">How large it is, in bytes.</param>
internal sealed record McpStart(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables, long Size)
{
    private static readonly byte[] Initialize =
    [
        .. """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""u8
            + """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}"""u8,
        (byte)'\n',
    ];

    /// <summary>A program of the search path.</summary>
    public static string? InPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(directory => Path.Combine(directory, name))
            .Where(File.Exists)
            .Select(path => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)
            .FirstOrDefault();

    /// <summary>Starts it, asks it to initialize, and ends it.</summary>
    public (TimeSpan ToAnswer, long PeakBytes) Run()
    {
        var start = new ProcessStartInfo(Program, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(Initialize);
        process.StandardInput.BaseStream.Flush();
        var answer = ReadLine(process.StandardOutput.BaseStream);
        var time = clock.Elapsed;
        if (!answer.Contains("\"serverInfo\"", StringComparison.Ordinal))
        {
            throw new BenchException($"{Program} answered initialize with \"{answer}\".");
        }

        var peak = ProcessProbe.PeakBytesOf(process.Id);
        process.StandardInput.Close();
        process.WaitForExit();
        return (time, peak);
    }

    private static string ReadLine(Stream stream)
    {
        var bytes = new List<byte>();
        while (stream.ReadByte() is >= 0 and not '\n' and var value)
        {
            bytes.Add((byte)value);
        }

        return System.Text.Encoding.UTF8.GetString([.. bytes]);
    }
}
