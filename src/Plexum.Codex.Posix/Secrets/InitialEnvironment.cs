using System.Globalization;
using System.Text;

namespace Plexum.Codex.Posix.Secrets;

/// <summary>
/// The environment that this process was started with: a block of its memory that the kernel filled and that
/// <c>/proc/&lt;pid&gt;/environ</c> shows to every process of the user. To unset a variable does not change it.
/// </summary>
public static class InitialEnvironment
{
    private const string Shown = "/proc/self/environ";

    // Fields 50 and 51 of /proc/<pid>/stat, counted from the third, which is the first one behind the name in parentheses (proc(5)).
    private const int StartField = 50 - 3;
    private const int EndField = 51 - 3;

    /// <summary>
    /// Overwrites the value of a variable with zeros, whether or not it was unset since. <see cref="Environment"/> keeps what it has.
    /// </summary>
    /// <param name="name">The variable.</param>
    /// <returns>Why the value can still be read there, as the end of a sentence; null if it cannot.</returns>
    public static string? Clear(string name)
    {
        // .NET reads the block itself until a variable is set for the first time; then it makes its own copy, which says nothing about
        // the block any more.
        if (Environment.GetEnvironmentVariable(name) is { } value)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var start = Encoding.UTF8.GetBytes(name + "=");
        try
        {
            ClearValues(Block(), start);
            return HasValue(File.ReadAllBytes(Shown), start) ? $"{Shown} still shows it" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return $"its place in memory cannot be found ({e.Message.TrimEnd('.')})";
        }
    }

    // The block is on the stack that the kernel made at exec, so it is writable and stays where it is.
    private static unsafe Span<byte> Block()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        if (fields.Length <= EndField)
        {
            throw new FormatException("/proc/self/stat has too few fields");
        }

        var (start, end) = (Address(fields[StartField]), Address(fields[EndField]));
        return start == 0 || end < start
            ? throw new FormatException("/proc/self/stat does not name it")
            : new Span<byte>((void*)start, checked((int)(end - start)));
    }

    private static nuint Address(string field) => nuint.Parse(field, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void ClearValues(Span<byte> block, ReadOnlySpan<byte> start)
    {
        while (!block.IsEmpty)
        {
            var variable = First(block);
            if (variable.StartsWith(start))
            {
                variable[start.Length..].Clear();
            }

            block = block[Math.Min(variable.Length + 1, block.Length)..];
        }
    }

    private static bool HasValue(Span<byte> block, ReadOnlySpan<byte> start)
    {
        while (!block.IsEmpty)
        {
            var variable = First(block);
            if (variable.StartsWith(start) && variable.Length > start.Length)
            {
                return true;
            }

            block = block[Math.Min(variable.Length + 1, block.Length)..];
        }

        return false;
    }

    private static Span<byte> First(Span<byte> block) => block.IndexOf((byte)0) is >= 0 and var length ? block[..length] : block;
}
