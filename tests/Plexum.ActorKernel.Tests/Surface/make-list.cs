#!/usr/bin/env -S dotnet run
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:include PublicSurface.cs
#:include SurfaceMember.cs
#:include TypeName.cs

// Writes to standard output what the real packages show of every type that the kernel shows.
// AKKA-FOLDER and KERNEL-FOLDER are the output folders of this test project, built for the one and for the other runtime.
using System.Reflection;
using Plexum.ActorKernel.Tests.Surface;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: make-list.cs AKKA-FOLDER KERNEL-FOLDER > akka-api.txt");
    return 2;
}

var folders = args.Select(Path.GetFullPath).ToArray();
AppDomain.CurrentDomain.AssemblyResolve += (_, missing) => folders
    .Select(folder => Path.Combine(folder, new AssemblyName(missing.Name).Name + ".dll"))
    .Where(File.Exists)
    .Select(Assembly.LoadFrom)
    .FirstOrDefault();

var shown = Types(folders[1], "Plexum.ActorKernel.dll").Concat(Types(folders[1], "Plexum.ActorKernel.TestKit.dll"))
    .Select(TypeName.Of).ToHashSet(StringComparer.Ordinal);

Console.WriteLine("# What Akka.NET 1.5.30 shows of the types that the kernel has too. Made anew, not edited:");
Console.WriteLine("#   dotnet build tests/Plexum.ActorKernel.Tests");
Console.WriteLine("#   dotnet build tests/Plexum.ActorKernel.Tests -p:ActorRuntime=Akka");
Console.WriteLine("#   dotnet run tests/Plexum.ActorKernel.Tests/Surface/make-list.cs -- \\");
Console.WriteLine("#     $PWD/.build/akka/bin/Plexum.ActorKernel.Tests/debug $PWD/tests/Plexum.ActorKernel.Tests/bin/Debug/net10.0 > akka-api.txt");
foreach (var type in Types(folders[0], "Akka*.dll")
    .Where(type => shown.Contains(TypeName.Of(type))).OrderBy(PublicSurface.Heading, StringComparer.Ordinal))
{
    Console.WriteLine(PublicSurface.Heading(type));
    foreach (var member in PublicSurface.Members(type).Select(member => member.Text).Distinct().Order(StringComparer.Ordinal))
    {
        Console.WriteLine($"  {member}");
    }
}

return 0;

static IEnumerable<Type> Types(string folder, string pattern)
{
    var files = Directory.GetFiles(folder, pattern);
    return files.Length == 0
        ? throw new FileNotFoundException($"There is no {pattern} in {folder}; build the tests for both runtimes first.")
        : files.SelectMany(file => PublicSurface.Types(Assembly.LoadFrom(file)));
}
