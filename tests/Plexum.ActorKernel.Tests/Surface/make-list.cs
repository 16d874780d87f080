#!/usr/bin/env -S dotnet run
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:include PublicSurface.cs
#:include SurfaceMember.cs
#:include TypeName.cs

// Writes to standard output what a list of Akka.NET's public API says of every type that the kernel shows.
// API-LIST has a line "Type (kind)" for each type and a line "Type: member" for each member.
// KERNEL-FOLDER is the output folder of this test project.
using System.Reflection;
using Plexum.ActorKernel.Tests.Surface;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: make-list.cs API-LIST KERNEL-FOLDER > akka-api.txt");
    return 2;
}

var folder = Path.GetFullPath(args[1]);
AppDomain.CurrentDomain.AssemblyResolve += (_, missing) =>
{
    var file = Path.Combine(folder, new AssemblyName(missing.Name).Name + ".dll");
    return File.Exists(file) ? Assembly.LoadFrom(file) : null;
};

var shown = new[] { "Plexum.ActorKernel.dll", "Plexum.ActorKernel.TestKit.dll" }
    .Select(name => Path.Combine(folder, name))
    .SelectMany(file => File.Exists(file)
        ? PublicSurface.Types(Assembly.LoadFrom(file))
        : throw new FileNotFoundException($"{file} is missing; build this test project first."))
    .Select(TypeName.Of)
    .ToHashSet(StringComparer.Ordinal);

Console.WriteLine("# What Akka.NET 1.5.30 shows of the types that the kernel has too, out of the list of its approved public API.");
Console.WriteLine("# Made anew, not edited:");
Console.WriteLine("#   dotnet build tests/Plexum.ActorKernel.Tests");
Console.WriteLine("#   dotnet run tests/Plexum.ActorKernel.Tests/Surface/make-list.cs -- \\");
Console.WriteLine("#     API-LIST tests/Plexum.ActorKernel.Tests/bin/Debug/net10.0 > akka-api.txt");
foreach (var type in File.ReadLines(args[0])
    .Where(line => line.Length > 0 && !line.StartsWith('#'))
    .GroupBy(TypeOf, StringComparer.Ordinal)
    .Where(type => shown.Contains(type.Key))
    .OrderBy(type => type.Key, StringComparer.Ordinal))
{
    foreach (var line in type.Distinct().OrderBy(line => IsMember(line, type.Key)).ThenBy(line => line, StringComparer.Ordinal))
    {
        Console.WriteLine(IsMember(line, type.Key) ? $"  {line[(type.Key.Length + 2)..]}" : line);
    }
}

return 0;

static bool IsMember(string line, string type) => line.AsSpan(type.Length).StartsWith(": ");

static string TypeOf(string line) => line.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon
    ? line[..colon]
    : line[..line.LastIndexOf(" (", StringComparison.Ordinal)];
