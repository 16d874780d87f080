using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Running;

/// <summary>
/// Of what a server is started. It keeps all of it for as long as it runs: another environment does not reach it, and with another
/// <c>auth.json</c> it goes on with the login that it has read, in new threads too (measured on 0.169.0 and 0.171.0). So a server of
/// another
/// origin than the one that is wanted finishes its turns and is replaced.
/// </summary>
/// <param name="Binary">The path of codex.</param>
/// <param name="Version">Its version.</param>
/// <param name="Surroundings">Hash of the environment and the umask.</param>
/// <param name="Login">Hash of the login in codex's home.</param>
internal sealed record ServerOrigin(string Binary, string Version, string Surroundings, string Login)
{
    private const int MaxLoginBytes = 1024 * 1024;

    // Where and how somebody works at a terminal. It is another one each time, and nothing to codex.
    private static readonly FrozenSet<string> OfTerminals = new[]
    {
        "_",
        "COLUMNS",
        "GPG_TTY",
        "LINES",
        "OLDPWD",
        "PWD",
        "SHLVL",
        "SSH_CLIENT",
        "SSH_CONNECTION",
        "SSH_TTY",
        "STY",
        "TERM_SESSION_ID",
        "TMUX",
        "TMUX_PANE",
        "WINDOWID",
        "XDG_SESSION_ID",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The origin of a server that would be started now. File work.</summary>
    /// <param name="binary">The codex.</param>
    /// <param name="environment">Its environment, as <c>NAME=value</c>.</param>
    /// <param name="umask">Its umask in octal; null for that of this process.</param>
    public static ServerOrigin Of(CodexBinary binary, ImmutableArray<string> environment, string? umask)
    {
        var kept = environment.Where(variable => !OfTerminals.Contains(NameOf(variable))).Order(StringComparer.Ordinal);
        return new ServerOrigin(
            binary.Path,
            $"{binary.Version}",
            Hash(Encoding.UTF8.GetBytes(string.Join('\0', kept.Prepend(umask ?? "")))),
            LoginOf(environment)
        );
    }

    /// <summary>What is different from an earlier origin.</summary>
    public string ChangeSince(ServerOrigin old) =>
        (Binary, Version) != (old.Binary, old.Version) ? $"codex is now {Binary} {Version}"
        : Login != old.Login ? "codex's login has changed"
        : "the environment has changed";

    private static string LoginOf(ImmutableArray<string> environment)
    {
        var home =
            ValueOf(environment, "CODEX_HOME") is { Length: > 0 } named ? named
            : ValueOf(environment, "HOME") is { Length: > 0 } user ? Path.Combine(user, ".codex")
            : null;
        if (home is null)
        {
            return "";
        }

        using var file = RegularFile.TryOpenRead(Path.Combine(home, "auth.json"), followLinks: true, out _);
        if (file is null)
        {
            return "";
        }

        try
        {
            var bytes = new byte[Math.Min(RandomAccess.GetLength(file), MaxLoginBytes)];
            return Hash(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0)));
        }
        catch (IOException)
        {
            // Codex cannot read it either.
            return "";
        }
    }

    private static string? ValueOf(ImmutableArray<string> environment, string name)
    {
        var found = environment.LastOrDefault(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal));
        return found?[(name.Length + 1)..];
    }

    private static string NameOf(string variable)
    {
        var equals = variable.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? variable : variable[..equals];
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
