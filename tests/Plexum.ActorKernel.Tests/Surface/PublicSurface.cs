using System.Reflection;

namespace Plexum.ActorKernel.Tests.Surface;

/// <summary>Lists what code outside an assembly can name: its visible types and their public and protected members, a line each.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The visible types of <paramref name="assembly"/>, compiler-made ones left out.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetTypes().Where(IsVisible);

    /// <summary>The line that names a type, for example <c>Akka.Actor.ActorBase (class)</c>.</summary>
    public static string Heading(Type type) => $"{TypeName.Of(type)} ({Kind(type)})";

    /// <summary>The visible members that <paramref name="type"/> itself declares.</summary>
    public static IEnumerable<SurfaceMember> Members(Type type) =>
        from member in type.GetMembers(Declared)
        let text = Describe(member)
        where text is not null
        select new SurfaceMember(text, IsOverride(member));

    private static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;

    private static bool IsVisible(MethodBase? method) =>
        method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsOverride(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetBaseDefinition() != method,
        PropertyInfo property => (property.GetMethod ?? property.SetMethod) is { } accessor && IsOverride(accessor),
        _ => false,
    };

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsAssignableTo(typeof(Delegate)) ? "delegate"
        : type.IsValueType ? "struct"
        : "class";

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => $"new({Parameters(constructor)})",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) =>
            $"{Modifiers(method)}{TypeName.Of(method.ReturnType)} {method.Name}{TypeParameters(method)}({Parameters(method)})",
        MethodInfo { IsSpecialName: true } method when IsVisible(method) && method.Name.StartsWith("op_", StringComparison.Ordinal) =>
            $"{TypeName.Of(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => Describe(property),
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly =>
            $"{(field.IsStatic ? "static " : "")}{TypeName.Of(field.FieldType)} {field.Name}",
        EventInfo { EventHandlerType: { } handler } @event when IsVisible(@event.AddMethod) =>
            $"event {TypeName.Of(handler)} {@event.Name}",
        _ => null,
    };

    private static string? Describe(PropertyInfo property)
    {
        var getter = IsVisible(property.GetMethod) ? property.GetMethod : null;
        var setter = IsVisible(property.SetMethod) ? property.SetMethod : null;
        if ((getter ?? setter) is not { } first)
        {
            return null;
        }

        var index = property.GetIndexParameters().Length > 0 ? "[]" : "";
        var accessors = (getter is null ? "" : " get;") + (setter is null ? "" : " set;");
        return $"{Modifiers(first)}{TypeName.Of(property.PropertyType)} {property.Name}{index} {{{accessors} }}";
    }

    private static string Modifiers(MethodInfo method)
    {
        var ofInterface = method.DeclaringType!.IsInterface;
        var kind = method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } when !ofInterface => "abstract ",
            { IsVirtual: true, IsFinal: false } when !ofInterface && !method.IsAbstract => "virtual ",
            _ => "",
        };
        return (method.IsPublic ? "" : "protected ") + kind;
    }

    private static string TypeParameters(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var passing = parameter.IsOut ? "out "
            : parameter.ParameterType.IsByRef ? "ref "
            : parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false) ? "params "
            : "";
        return $"{passing}{TypeName.Of(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? "?" : "")}";
    }
}
