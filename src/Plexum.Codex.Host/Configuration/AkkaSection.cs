using System.Collections.Immutable;
using Akka.Configuration;
using Plexum.Codex.Host.Hocon;

namespace Plexum.Codex.Host.Configuration;

/// <summary>
/// The user's part of the actor system's configuration. Akka's parser accepts damaged text in silence, so it gets only what our own
/// reader has read and written anew.
/// </summary>
internal static class AkkaSection
{
    private const string Name = "akka";

    /// <summary>The section of all layers, merged.</summary>
    /// <param name="layers">The layers, the lowest first.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static Config Of(ImmutableArray<SettingsLayer> layers, ProblemList problems)
    {
        var merged = HoconDocument.Empty;
        foreach (var layer in layers.Where(layer => layer.Document.HasPath(Name)))
        {
            if (layer.Document.Find(Name) is { Object: null })
            {
                problems.Add($"{layer.Place(Name)}: {Name} must be a section, with its keys in braces.");
                continue;
            }

            merged = layer.Document.Only(Name).WithFallback(merged);
        }

        return ToConfig(merged);
    }

    /// <summary>What Akka's parser makes of a document.</summary>
    public static Config ToConfig(HoconDocument document) =>
        document.Root.Items.Count == 0 ? ConfigurationFactory.Empty : ConfigurationFactory.ParseString(document.ToHocon());
}
