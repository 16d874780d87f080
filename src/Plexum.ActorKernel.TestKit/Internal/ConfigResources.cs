using Akka.Configuration;

namespace Akka.TestKit.Internal;

/// <summary>The configurations embedded in this assembly, each read once.</summary>
internal static class ConfigResources
{
    internal static Config Reference { get; } = Read("Internal.Reference.conf");

    internal static Config Read(string name)
    {
        using var stream = typeof(ConfigResources).Assembly.GetManifestResourceStream("Akka.TestKit." + name)
            ?? throw new InvalidOperationException($"The assembly carries no resource Akka.TestKit.{name}; it was built without it.");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
