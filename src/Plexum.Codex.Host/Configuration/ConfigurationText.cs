using System.Text;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Configuration;

/// <summary>Reads optional configuration files.</summary>
internal static class ConfigurationText
{
    /// <summary>The text of a file; null if it does not exist.</summary>
    /// <exception cref="ConfigurationProblemsException">It exists but cannot be read.</exception>
    public static string? ReadIfThere(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: true, out var problem);
        if (problem is not null)
        {
            throw new ConfigurationProblemsException([Explain(path, problem)]);
        }

        if (file is null)
        {
            return null;
        }

        try
        {
            using var stream = new FileStream(file, FileAccess.Read);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (IOException e)
        {
            throw new ConfigurationProblemsException([Explain(path, $"it cannot be read ({e.Message.TrimEnd('.')})")]);
        }
    }

    private static string Explain(string path, string problem) =>
        Directory.Exists(path)
            ? $"{path} is a directory; replace it with a file, or remove it."
            : $"{path} cannot be used: {problem}. Make it a file that this user may read, or remove it.";
}
