using System.Reflection;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes <see cref="Config"/>s from HOCON text.</summary>
public class ConfigurationFactory
{
    private const string ReferenceResource = "Akka.Configuration.reference.conf";

    /// <summary>A new configuration without any key.</summary>
    public static Config Empty => ParseString("");

    /// <summary>Reads HOCON in the dialect of Akka.NET 1.5: no <c>include</c>, no <c>+=</c>, no environment variables.</summary>
    /// <exception cref="FormatException">The text is not HOCON, or a <c>${path}</c> leads nowhere; the message has line and column.</exception>
    /// <exception cref="ConfigurationException">An unquoted value holds '=' or ':'; the message has line and column.</exception>
    public static Config ParseString(string hocon)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        return new Config(HoconParser.Parse(hocon));
    }

    /// <summary>The runtime's own settings with their defaults.</summary>
    public static Config Default() => FromResource(ReferenceResource, typeof(ConfigurationFactory).Assembly);

    /// <summary>Reads an embedded file of the assembly that <typeparamref name="TAssembly"/> is in.</summary>
    /// <exception cref="ConfigurationException">The assembly has no such file.</exception>
    public static Config FromResource<TAssembly>(string resourceName) =>
        FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <summary>Reads an embedded file of <paramref name="assembly"/>.</summary>
    /// <exception cref="ConfigurationException">The assembly has no such file.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException(
                $"The assembly {assembly.GetName().Name} has no embedded file named '{resourceName}'.");
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }
}
