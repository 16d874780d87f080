using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A configuration lacks something, or holds something that cannot be used.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>Creates it with a sentence that names the key or the place in the text.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a sentence that names the key or the place in the text, and the cause.</summary>
    public ConfigurationException(string message, Exception? exception)
        : base(message, exception)
    {
    }

    /// <summary>Says that <typeparamref name="T"/> cannot be created, because its section is missing or empty.</summary>
    /// <param name="path">The section's path, where it is known.</param>
    public static ConfigurationException NullOrEmptyConfig<T>(string? path = null) => string.IsNullOrWhiteSpace(path)
        ? new ConfigurationException($"Failed to instantiate {typeof(T).Name}: Configuration is null or empty")
        : new ConfigurationException($"Failed to instantiate {typeof(T).Name}: Configuration does not contain `{path}` node");
}
