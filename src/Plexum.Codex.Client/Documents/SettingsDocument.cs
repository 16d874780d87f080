using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>The settings that the daemon uses.</summary>
/// <param name="CodexHome">codex's home, an absolute path.</param>
/// <param name="Settings">All settings, sorted by key.</param>
/// <param name="Environment">
/// The daemon's environment variables that decide which login, provider and network codex uses, by name; null from a daemon of an earlier
/// version.
/// </param>
public sealed record SettingsDocument(
    string CodexHome,
    ImmutableArray<SettingDocument> Settings,
    ImmutableArray<VariableDocument>? Environment = null
);

/// <summary>A setting.</summary>
/// <param name="Key">Its key, without <c>plexum.</c>.</param>
/// <param name="Value">Its value; a list or an object is in HOCON. What looks like a secret is hidden.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="Sha256">The SHA-256 of the whole value in hexadecimal if something in it is hidden; else null.</param>
public sealed record SettingDocument(string Key, string Value, string Source, string? Sha256 = null);

/// <summary>An environment variable, whose value is not told.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">The SHA-256 of its value in hexadecimal.</param>
public sealed record VariableDocument(string Name, string Sha256);
