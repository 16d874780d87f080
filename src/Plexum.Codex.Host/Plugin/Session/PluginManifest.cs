using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Session;

/// <summary>The plugin's manifest: the file installed beside it, and its answer to a host that asks.</summary>
/// <param name="Models">The models that an agent may use.</param>
internal sealed record PluginManifest(ImmutableArray<string> Models)
{
    /// <summary>The name of the manifest's file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The manifest of a plugin without configuration.</summary>
    public static PluginManifest Default { get; } = new(["codex"]);

    /// <summary>The manifest for a profile. Configuration errors are reported only when the plugin is initialised.</summary>
    public static PluginManifest Of(PluginSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new PluginManifest(settings.SilentModels());
    }

    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("name", PlexumMethods.PluginName);
        json.WriteString("version", PlexumMethods.PluginVersion);
        json.WriteString("activation", "lazy");
        json.WriteString("executable", PlexumMethods.Executable);
        json.WriteStartObject("contracts");
        json.WriteStartObject("provider");
        json.WriteStartArray("models");
        foreach (var model in Models)
        {
            json.WriteStringValue(model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The content of the manifest's file.</summary>
    public byte[] ToFile()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            Write(json);
        }

        return [.. text.WrittenSpan, (byte)'\n'];
    }
}
