namespace Akka.Util;

/// <summary>
/// Finds the types that settings name. A name written for Akka.NET's own assemblies, such as
/// <c>Akka.TestKit.TestScheduler, Akka.TestKit</c>, finds the type of that name in this runtime.
/// </summary>
internal static class TypeNames
{
    private static readonly string[] OwnAssemblies = ["Plexum.ActorKernel", "Plexum.ActorKernel.TestKit"];

    public static Type? Find(string name)
    {
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        var bare = (comma < 0 ? name : name[..comma]).Trim();
        var assembly = comma < 0 ? "" : name[(comma + 1)..].Trim();
        if (assembly.Length > 0 && !assembly.StartsWith("Akka", StringComparison.Ordinal))
        {
            return Type.GetType(name);
        }

        foreach (var own in OwnAssemblies)
        {
            if (Type.GetType($"{bare}, {own}") is { } found)
            {
                return found;
            }
        }

        return Type.GetType(name);
    }
}
