using System.Buffers;

namespace Akka.Actor;

/// <summary>
/// The place of an actor in its system's tree. Two paths are equal when address and names are; the number of the
/// incarnation (<see cref="Uid"/>) does not count.
/// </summary>
public class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>The characters, beside letters and digits, that a name may hold.</summary>
    public static readonly string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private static readonly SearchValues<char> ValidCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + "\"-_.*$+:@&=,!~';()");

    // The parent's path, or the address where the path is a root: one field instead of two, for there is one path an actor.
    private readonly object _parentOrAddress;

    private ActorPath(object parentOrAddress, string name, long uid)
    {
        _parentOrAddress = parentOrAddress;
        Name = name;
        Uid = uid;
    }

    /// <summary>The last name of the path; empty for a root.</summary>
    public string Name { get; }

    /// <summary>The number of the incarnation, 0 where there is none.</summary>
    public long Uid { get; }

    /// <summary>The path one step up; a root is its own parent.</summary>
    public ActorPath Parent => _parentOrAddress as ActorPath ?? this;

    /// <summary>The address of the system that the path belongs to.</summary>
    public Address Address => (Address)Root._parentOrAddress;

    /// <summary>The path without any name.</summary>
    public ActorPath Root
    {
        get
        {
            var path = this;
            while (path._parentOrAddress is ActorPath parent)
            {
                path = parent;
            }

            return path;
        }
    }

    /// <summary>How many names the path has.</summary>
    public int Depth
    {
        get
        {
            var depth = 0;
            for (var path = this; path._parentOrAddress is ActorPath parent; path = parent)
            {
                depth++;
            }

            return depth;
        }
    }

    /// <summary>The names from the root on.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            var path = this;
            for (var i = names.Length - 1; i >= 0; i--)
            {
                names[i] = path.Name;
                path = path.Parent;
            }

            return names;
        }
    }

    /// <summary>The path of a child.</summary>
    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    /// <summary>The path of a descendant.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) =>
        name.Where(part => part.Length > 0).Aggregate(path, (parent, part) => parent.Child(part));

    /// <summary>Whether both are the same place.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they are different places.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <summary>Whether <paramref name="s"/> can be the name of an actor.</summary>
    public static bool IsValidPathElement(string s) =>
        !string.IsNullOrEmpty(s) && s[0] != '$' && IsValid(s);

    /// <summary>The path of a child; <c>#uid</c> at the end of the name is read as its incarnation.</summary>
    public ActorPath Child(string childName)
    {
        var hash = childName.IndexOf('#', StringComparison.Ordinal);
        return hash < 0
            ? new ActorPath(this, childName, 0)
            : new ActorPath(this, childName[..hash], long.Parse(childName.AsSpan(hash + 1), provider: null));
    }

    /// <summary>The same place, another incarnation.</summary>
    public ActorPath WithUid(long uid) => uid == Uid ? this : new ActorPath(_parentOrAddress, Name, uid);

    /// <inheritdoc />
    public bool Equals(ActorPath? other)
    {
        var (left, right) = (this, other);
        while (!ReferenceEquals(left, right))
        {
            if (right is null || !string.Equals(left.Name, right.Name, StringComparison.Ordinal))
            {
                return false;
            }

            if (left._parentOrAddress is not ActorPath leftParent || right._parentOrAddress is not ActorPath rightParent)
            {
                return left._parentOrAddress.Equals(right._parentOrAddress);
            }

            (left, right) = (leftParent, rightParent);
        }

        return true;
    }

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = 17;
        var path = this;
        while (path._parentOrAddress is ActorPath parent)
        {
            hash = (hash * 31) + path.Name.GetHashCode(StringComparison.Ordinal);
            path = parent;
        }

        return (hash * 31) + path._parentOrAddress.GetHashCode();
    }

    /// <inheritdoc />
    public int CompareTo(ActorPath? other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    /// <summary>The path without address: <c>/user/parent/child</c>.</summary>
    public string ToStringWithoutAddress() => "/" + string.Join('/', Elements);

    /// <summary>The path with its system's address: <c>akka://system/user/child</c>.</summary>
    public string ToStringWithAddress() => Address + ToStringWithoutAddress();

    /// <summary>The path with the number of the incarnation behind it.</summary>
    public string ToStringWithUid() =>
        Uid == 0 ? ToStringWithAddress() : FormattableString.Invariant($"{ToStringWithAddress()}#{Uid}");

    /// <inheritdoc />
    public override string ToString() => ToStringWithAddress();

    internal static ActorPath OfRoot(Address address) => new(address, "", 0);

    internal static ActorPath OfChild(ActorPath parent, string name, long uid) => new(parent, name, uid);

    private static bool IsValid(ReadOnlySpan<char> name)
    {
        int stray;
        while ((stray = name.IndexOfAnyExcept(ValidCharacters)) >= 0)
        {
            var escape = name[stray..];
            if (escape.Length < 3 || escape[0] != '%' || !char.IsAsciiHexDigit(escape[1]) || !char.IsAsciiHexDigit(escape[2]))
            {
                return false;
            }

            name = escape[3..];
        }

        return true;
    }
}
