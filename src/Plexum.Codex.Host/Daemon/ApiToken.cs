using System.Security.Cryptography;
using System.Text;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The token that requests over TCP carry: any process of the machine may connect there, whoever its user is.</summary>
internal sealed class ApiToken
{
    private const UnixFileMode Foreign =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private const int LeastCharacters = 16;

    private readonly byte[] _hash;

    private ApiToken(string token) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads the token, and makes one of 32 random bytes where there is no file.</summary>
    /// <exception cref="CodexException">The file cannot be used; the message says why.</exception>
    public static ApiToken Load(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Sessions.AtomicFile.Create(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n"), durable: true);
            }

            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Foreign) != 0)
            {
                throw new CodexException($"Others may read or change the token file {path}; run chmod 600 on it, or remove it and a new one is made.");
            }

            var bytes = new byte[4096];
            var token = Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0))).Trim();
            return token.Length >= LeastCharacters
                ? new ApiToken(token)
                : throw new CodexException($"The token in {path} has fewer than {LeastCharacters} characters; remove the file and a new one is made.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The token file {path} cannot be used: {e.Message.TrimEnd('.')}. Give this user the right to it, or set api.token-file to another path.", e);
        }
    }

    /// <summary>Whether this is it. How long the answer takes tells nothing.</summary>
    public bool Is(string candidate) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(candidate)));
}
