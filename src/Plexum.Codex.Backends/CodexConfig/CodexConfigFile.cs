using System.Collections.Immutable;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Tomlyn;
using Tomlyn.Model;

namespace Plexum.Codex.CodexConfig;

/// <summary>A configuration file of codex's, which is read here and never written.</summary>
public sealed class CodexConfigFile
{
    /// <summary>The file that codex reads for every user of the machine; the user's own overrides it (measured on 0.169.0).</summary>
    public const string OfTheMachine = "/etc/codex/config.toml";

    private const int MaxBytes = 4 * 1024 * 1024;

    // Each turn reads the user's file several times, and it hardly ever changes.
    private static volatile Parsed? _last;

    private readonly TomlTable _root;

    private CodexConfigFile(TomlTable root) => _root = root;

    /// <summary>The user's file in codex's home.</summary>
    public static string OfTheUser(string codexHome) => Path.Combine(codexHome, "config.toml");

    /// <summary>Reads a file; a missing one has no keys.</summary>
    /// <exception cref="CodexConfigException">It cannot be read, or is not TOML, which codex does not accept either.</exception>
    public static CodexConfigFile Load(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: true, out var problem);
        if (problem is not null)
        {
            throw new CodexConfigException($"codex's configuration {path} cannot be used: {problem}. Correct it.");
        }

        if (file is null)
        {
            return new CodexConfigFile(new TomlTable());
        }

        var text = ReadAll(file, path);
        if (_last is { } last && last.Text == text)
        {
            return last.File;
        }

        var parsed = Parse(path, text);
        _last = new Parsed(text, parsed);
        return parsed;
    }

    /// <summary>Whether a key such as <c>features.shell_tool</c> is there.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The text of a key; null if it is missing or something else.</summary>
    public string? Text(string key) => Find(key) as string;

    /// <summary>The texts of a list; empty if it is missing or something else.</summary>
    public ImmutableArray<string> Strings(string key) => Find(key) is TomlArray list ? [.. list.OfType<string>()] : [];

    /// <summary>The keys of a table; none if it is missing or something else.</summary>
    public ImmutableArray<string> Keys(string key) => Find(key) is TomlTable table ? [.. table.Keys] : [];

    internal static CodexConfigFile Parse(string path, string text)
    {
        try
        {
            return new CodexConfigFile(TomlSerializer.Deserialize<TomlTable>(text) ?? new TomlTable());
        }
        catch (TomlException e)
        {
            throw new CodexConfigException($"codex's configuration {path} cannot be used: {e.Message.Trim()} Correct it.", e);
        }
    }

    private static string ReadAll(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        if (length > MaxBytes)
        {
            throw new CodexConfigException($"codex's configuration {path} cannot be used: it is larger than 4 MiB. Make it smaller.");
        }

        var bytes = new byte[length];
        try
        {
            return Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        }
        catch (IOException e)
        {
            throw new CodexConfigException($"codex's configuration {path} cannot be used: {e.Message} Correct it.", e);
        }
    }

    private object? Find(string key) =>
        key.Split('.')
            .Aggregate((object?)_root, (at, name) => at is TomlTable table && table.TryGetValue(name, out var value) ? value : null);

    private sealed record Parsed(string Text, CodexConfigFile File);
}
