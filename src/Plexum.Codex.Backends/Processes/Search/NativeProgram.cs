using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Processes.Search;

/// <summary>Tells codex itself from a program that starts it, such as a version manager's shim.</summary>
internal static class NativeProgram
{
    private const string Name = "codex";

    /// <summary>
    /// Whether a program is codex itself, as far as can be told without running it: it is in the format of the machine's programs, elf(5),
    /// and what it leads to has codex in its name. Also true for what is missing, which is reported when it is started.
    /// </summary>
    /// <param name="program">An absolute path.</param>
    public static bool IsCodex(string program)
    {
        if (RealPath.OfAnything(program) is not { } real)
        {
            return true;
        }

        try
        {
            return Path.GetFileName(real).Contains(Name, StringComparison.OrdinalIgnoreCase) && HasMagic(real);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The interpreter of a script must be able to read it, so what may only be executed is none.
            return true;
        }
    }

    private static bool HasMagic(string file)
    {
        using var handle = File.OpenHandle(file);
        Span<byte> start = stackalloc byte[4];
        return RandomAccess.Read(handle, start, 0) == start.Length && start.SequenceEqual("\u007fELF"u8);
    }
}
