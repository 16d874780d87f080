using System.Collections.Immutable;
using Akka.Configuration;
using Plexum.Codex.Host.Hocon;

namespace Plexum.Codex.Host.Configuration;

/// <summary>
/// The user's part of the actor system's configuration. Akka's parser silently accepts damaged text, so it is given only what our
/// own parser has read and written out again.
/// </summary>
internal static class AkkaSection
{
    private const string Name = "akka";

    /// <summary>The akka section, merged from all layers.</summary>
    /// <param name="layers">The layers, lowest first.</param>
    /// <param name="problems">Collects the problems.</param>
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

    /// <summary>Converts a document to Akka's configuration.</summary>
    public static Config ToConfig(HoconDocument document) =>
        document.Root.Items.Count == 0 ? ConfigurationFactory.Empty : ConfigurationFactory.ParseString(document.ToHocon());
}
