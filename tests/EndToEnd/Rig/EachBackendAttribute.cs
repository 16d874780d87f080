using System.Reflection;
using Plexum.Codex.Options;
using Xunit.Sdk;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>Data of a theory, once for each backend, which is its first parameter.</summary>
/// <param name="data">The other parameters.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EachBackendAttribute(params object?[]? data) : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => Backends.All.Select(backend => Row(backend, data ?? [null]));

    private static object?[] Row(BackendKind backend, object?[] rest) => [backend, .. rest];
}

/// <summary>What can run a turn.</summary>
internal static class Backends
{
    /// <summary>Every one of them.</summary>
    public static IReadOnlyList<BackendKind> All { get; } = [BackendKind.Exec, BackendKind.AppServer];

    /// <summary>A theory's data once for each backend, which is its first parameter.</summary>
    public static TheoryData<BackendKind, T> Each<T>(IEnumerable<T> data)
    {
        var rows = new TheoryData<BackendKind, T>();
        foreach (var (one, backend) in data.SelectMany(one => All.Select(backend => (one, backend))))
        {
            rows.Add(backend, one);
        }

        return rows;
    }
}
