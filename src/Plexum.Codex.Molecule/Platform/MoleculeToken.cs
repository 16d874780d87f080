using System.Text;

namespace Plexum.Codex.Molecule.Platform;

/// <summary>The workspace's token. A token file is re-read each time, so the token can be changed without a restart.</summary>
public sealed class MoleculeToken
{
    private const int MaxBytes = 16 << 10;

    private readonly string? _text;
    private readonly string? _path;

    private MoleculeToken(string? text, string? path) => (_text, _path) = (text, path);

    /// <summary>A token that does not change.</summary>
    public static MoleculeToken OfText(string token) => new(token.Trim(), null);

    /// <summary>The token in a file that contains nothing else.</summary>
    public static MoleculeToken OfFile(string path) => new(null, path);

    /// <summary>The current token.</summary>
    /// <exception cref="PlatformUnavailableException">The file cannot be read or has no valid token, which may change.</exception>
    public string Read()
    {
        var token = _text ?? ReadFile(_path!);
        return token.Length > 0 && token.All(char.IsBetween(token[0], '!', '~') ? c => char.IsBetween(c, '!', '~') : _ => false)
            ? token
            : throw new PlatformUnavailableException(
                $"The workspace's token {(_path is null ? "" : $"in {_path} ")}is empty or has invalid characters; "
                    + "put only the token there that the platform showed."
            );
    }

    /// <inheritdoc/>
    public override string ToString() => _path is null ? "a token" : $"the token in {_path}";

    private static string ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes];
            return Encoding.UTF8.GetString(bytes.AsSpan(0, file.ReadAtLeast(bytes, MaxBytes, throwOnEndOfStream: false))).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlatformUnavailableException($"The workspace's token cannot be read: {e.Message}", e);
        }
    }
}
