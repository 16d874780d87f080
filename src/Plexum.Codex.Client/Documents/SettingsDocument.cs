using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>The settings that the daemon uses.</summary>
/// <param name="CodexHome">codex's home, an absolute path.</param>
/// <param name="Settings">All settings, sorted by key.</param>
public sealed record SettingsDocument(string CodexHome, ImmutableArray<SettingDocument> Settings);

/// <summary>A setting.</summary>
/// <param name="Key">Its key, without <c>plexum.</c>.</param>
/// <param name="Value">Its value; a list or an object is in HOCON.</param>
/// <param name="Source">Where the value comes from.</param>
public sealed record SettingDocument(string Key, string Value, string Source);
