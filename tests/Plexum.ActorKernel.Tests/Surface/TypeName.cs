namespace Plexum.ActorKernel.Tests.Surface;

/// <summary>Writes types the way C# does, with namespaces (<c>System</c> left out): <c>Akka.Streams.Dsl.Source&lt;TOut, TMat&gt;</c>.</summary>
internal static class TypeName
{
    public static string Of(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }

        if (type.HasElementType)
        {
            return Of(type.GetElementType()!);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        var name = type.Name.Split('`')[0] + Arguments(type);
        return type.IsNested ? $"{Of(type.DeclaringType!)}.{name}"
            : type.Namespace is null or "" or "System" ? name
            : $"{type.Namespace}.{name}";
    }

    private static string Arguments(Type type)
    {
        var ofOuter = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var own = type.GetGenericArguments().Skip(ofOuter).Select(Of).ToArray();
        return own.Length == 0 ? "" : $"<{string.Join(", ", own)}>";
    }
}
