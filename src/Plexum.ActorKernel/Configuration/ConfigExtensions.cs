using System.Diagnostics.CodeAnalysis;

namespace Akka.Configuration;

/// <summary>Null-tolerant helpers, since <see cref="Config.GetConfig"/> gives null for a missing section.</summary>
public static class ConfigExtensions
{
    /// <summary><see cref="Config.WithFallback"/>, also where either of the two is null or both are the same.</summary>
    [return: NotNullIfNotNull(nameof(config))]
    [return: NotNullIfNotNull(nameof(fallback))]
    public static Config? SafeWithFallback(this Config? config, Config? fallback) =>
        config is null ? fallback : ReferenceEquals(config, fallback) ? config : config.WithFallback(fallback);

    /// <summary>Whether there is nothing in it.</summary>
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;
}
