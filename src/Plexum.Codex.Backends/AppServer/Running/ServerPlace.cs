namespace Plexum.Codex.AppServer.Running;

/// <summary>The directory of one server, in the profile: only this user can enter it, so only this user can reach the socket.</summary>
/// <param name="Root">The directory, an absolute path.</param>
internal sealed record ServerPlace(string Root)
{
    /// <summary>
    /// The socket's name in the directory. The server gets it as it is and runs in the directory, so the path's length does not matter
    /// (measured on 0.169.0 and 0.171.0, with a path of 160 bytes).
    /// </summary>
    public const string SocketName = "codex.sock";

    /// <summary>What tells the server from every other: the directory's name.</summary>
    public string Id => Path.GetFileName(Root);

    /// <summary>The socket.</summary>
    public string Socket => Path.Combine(Root, SocketName);

    /// <summary>The <see cref="ServerRecord"/>.</summary>
    public string RecordFile => Path.Combine(Root, "server.json");

    /// <summary>What the server says for people.</summary>
    public string OutputFile => Path.Combine(Root, "output");

    /// <summary>
    /// Beside the directory: locked by the program that owns the server, from before the directory is there. Another program neither adopts
    /// the server nor removes the directory meanwhile.
    /// </summary>
    public string OwnerLock => Root + ".lock";

    /// <summary>The directory with the places of a profile's servers.</summary>
    public static string AllOf(string profile) => Path.Combine(profile, "app-server");

    /// <summary>A place for a new server.</summary>
    public static ServerPlace NewIn(string profile) => new(Path.Combine(AllOf(profile), Guid.NewGuid().ToString("N")[..12]));
}
