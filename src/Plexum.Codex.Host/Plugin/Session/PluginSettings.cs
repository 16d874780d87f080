using System.Collections.Immutable;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Plugin.Session;

/// <summary>The profile that a plugin serves, and the settings it was started with.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Assignments">The values of <c>--set</c>, for this process and for a daemon that it starts.</param>
internal sealed record PluginSettings(Profile Profile, ImmutableArray<string> Assignments)
{
    /// <summary>Reads every setting.</summary>
    /// <exception cref="CodexException">A setting is invalid. Errors that the Go plugin detects too get its message.</exception>
    public ProgramSettings Load()
    {
        CheckPluginConfig(Profile.PluginConfigFile);
        return ProgramSettings.Load(Profile, Assignments);
    }

    /// <summary>The models for the manifest. Never throws because of the configuration.</summary>
    public ImmutableArray<string> SilentModels()
    {
        try
        {
            return ProgramSettings.Load(Profile, Assignments).SupportedModels;
        }
        catch (CodexException)
        {
            return ModelsIn(Profile.PluginConfigFile) is { IsEmpty: false } models ? models : PluginManifest.Default.Models;
        }
    }

    private static void CheckPluginConfig(string path)
    {
        try
        {
            _ = ConfigurationText.ReadIfThere(path);
        }
        catch (ConfigurationProblemsException e)
        {
            throw new CodexException($"read {path}: {string.Join("; ", e.Problems)}", e);
        }

        try
        {
            _ = PluginConfig.Load(path);
        }
        catch (ConfigurationProblemsException e)
        {
            var problems = e.Problems.Select(problem => problem.Replace($"{path}, ", "", StringComparison.Ordinal));
            throw new CodexException($"parse {path}: {string.Join("; ", problems)}", e);
        }
    }

    // Like the Go plugin, reads the models even if another key has the wrong type.
    private static ImmutableArray<string> ModelsIn(string path)
    {
        try
        {
            return
                ConfigurationText.ReadIfThere(path) is { } text
                && JToken.Parse(text) is JObject root
                && root["supported_models"] is JArray models
                ? [.. models.Where(model => model.Type == JTokenType.String).Select(model => (string)model!)]
                : [];
        }
        catch (Exception e) when (e is JsonException or CodexException)
        {
            return [];
        }
    }
}
