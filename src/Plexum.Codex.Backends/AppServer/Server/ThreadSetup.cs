using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.AppServer.Server;

/// <summary>
/// How a thread is loaded. A loaded thread keeps its configuration: <c>thread/resume</c> on it with another one answers ok and changes
/// nothing (measured on 0.169.0), so a thread that is loaded with another <see cref="Fingerprint"/> is unloaded first.
/// </summary>
/// <param name="Workspace">The absolute path of the directory in which codex works. Codex does not check it.</param>
public sealed record ThreadSetup(string Workspace)
{
    /// <summary>
    /// Codex's sandbox mode, such as <c>danger-full-access</c>; null for the <c>default_permissions</c> of <see cref="Config"/>, without
    /// which commands of a new thread may only read.
    /// </summary>
    public string? Sandbox { get; init; }

    /// <summary>Codex's approval policy, such as <c>never</c>; null for what its configuration says.</summary>
    public string? ApprovalPolicy { get; init; }

    /// <summary>
    /// What <c>codex exec</c> would be given with <c>-c</c>: dotted keys or nested objects, with their values as JSON. Null for nothing.
    /// It is not changed any more.
    /// </summary>
    public JsonObject? Config { get; init; }

    /// <summary>What the developer of the host says to the model; null for nothing.</summary>
    public string? DeveloperInstructions { get; init; }

    /// <summary>
    /// The host's tools as <c>dynamicTools</c> of a new thread; null for none. They are kept in the rollout and <c>thread/resume</c> cannot
    /// change them (measured on 0.169.0). It is not changed any more.
    /// </summary>
    public JsonArray? DynamicTools { get; init; }

    /// <summary>
    /// What tells the files that codex reads when it loads the thread from what they were before; null if they do not matter. The server
    /// reads them by itself.
    /// </summary>
    public string? Files { get; init; }

    /// <summary>
    /// A name in <see cref="Config"/> that nobody may know before the thread is loaded, so that each turn has another one; null for none.
    /// A loaded thread keeps the one with which it was loaded.
    /// </summary>
    public string? SecretName { get; init; }

    /// <summary>Equal for setups between which a loaded thread need not be loaded again.</summary>
    public string Fingerprint =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WithoutSecret(Unchangeable().ToJsonString()))));

    private string WithoutSecret(string json) =>
        string.IsNullOrEmpty(SecretName) ? json : json.Replace(SecretName, "secret", StringComparison.Ordinal);

    private JsonArray Unchangeable() =>
        [Workspace, Sandbox, ApprovalPolicy, Config?.DeepClone(), DeveloperInstructions, DynamicTools?.DeepClone(), Files];
}
