namespace Akka.Actor;

/// <summary>Names an actor system: protocol, system and, for a remote one, host and port.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>
{
    /// <summary>Creates an address; <paramref name="host"/> and <paramref name="port"/> are null for a local system.</summary>
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host;
        Port = port;
    }

    /// <summary>Usually <c>akka</c>.</summary>
    public string Protocol { get; }

    /// <summary>The system's name.</summary>
    public string System { get; }

    /// <summary>The host, or null.</summary>
    public string? Host { get; }

    /// <summary>The port, or null.</summary>
    public int? Port { get; }

    /// <summary>Whether the address has no host, so that it means the system at hand.</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    /// <inheritdoc />
    public bool Equals(Address? other) =>
        other is not null && Port == other.Port
        && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase)
        && string.Equals(System, other.System, StringComparison.Ordinal)
        && string.Equals(Protocol, other.Protocol, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host?.ToUpperInvariant(), Port);

    /// <inheritdoc />
    public int CompareTo(Address? other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    /// <inheritdoc />
    public override string ToString() =>
        HasLocalScope ? $"{Protocol}://{System}" : FormattableString.Invariant($"{Protocol}://{System}@{Host}:{Port}");
}
