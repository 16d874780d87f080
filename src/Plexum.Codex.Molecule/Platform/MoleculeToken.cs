using System.Text;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Molecule.Platform;

/// <summary>The workspace's token. A token file is re-read each time, so the token can be changed without a restart.</summary>
public sealed class MoleculeToken
{
    private const int MaxBytes = 16 << 10;
    private const uint OfOthers = 0x3F;
    private const uint Root = 0;

    private readonly string? _text;
    private readonly bool _isCredential;

    private MoleculeToken(string? text, string? file, bool isCredential) => (_text, File, _isCredential) = (text, file, isCredential);

    /// <summary>The absolute path of the file that has the token and nothing else; null for a token that does not change.</summary>
    public string? File { get; }

    /// <summary>A token that does not change.</summary>
    public static MoleculeToken OfText(string token) => new(token.Trim(), null, isCredential: false);

    /// <summary>The token in a file that only its owner, this user or root, may be able to access.</summary>
    public static MoleculeToken OfFile(string path) => new(null, path, isCredential: false);

    /// <summary>The token in a credential, whose access systemd controls, with an ACL in place of the owner (systemd.exec(5)).</summary>
    public static MoleculeToken OfCredential(string path) => new(null, path, isCredential: true);

    /// <summary>The current token.</summary>
    /// <exception cref="PlatformUnavailableException">
    /// The file cannot be read, others can access it, or it has no valid token. All of this may change.
    /// </exception>
    public string Read()
    {
        var token = _text ?? ReadFile(File!);
        return token.Length > 0 && token.All(c => char.IsBetween(c, '!', '~'))
            ? token
            : throw new PlatformUnavailableException(
                $"The workspace's token {(File is null ? "" : $"in {File} ")}is empty or has invalid characters; "
                    + "put only the token there that the platform showed."
            );
    }

    /// <inheritdoc/>
    public override string ToString() => File is null ? "a token" : $"the token in {File}";

    private string ReadFile(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: true, out var problem)
            ?? throw new PlatformUnavailableException($"The token file {path} cannot be used: {problem ?? "it does not exist"}.");
        if (!_isCredential && WhyNotPrivate(FileStatus.OfHandle(file), path) is { } reason)
        {
            throw new PlatformUnavailableException(reason);
        }

        try
        {
            var bytes = new byte[MaxBytes];
            return Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0))).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlatformUnavailableException($"The token file {path} cannot be read: {e.Message}", e);
        }
    }

    private static string? WhyNotPrivate(FileStatus? file, string path) =>
        file switch
        {
            { } status when status.Owner != Libc.EffectiveUser() && status.Owner != Root =>
                $"The token file {path} belongs to another user; copy the token into a file of your own.",
            { } status when (status.Permissions & OfOthers) != 0 =>
                $"Other users can read or change the token file {path}; run chmod 600 on it.",
            null => $"The owner of the token file {path} cannot be found out; put the token into a file on another file system.",
            _ => null,
        };
}
