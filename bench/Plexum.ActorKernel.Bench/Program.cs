using Plexum.ActorKernel.Bench;
using Plexum.ActorKernel.Bench.Results;

try
{
    return args switch
    {
        ["row", var name, .. var rest] => await RowProcess.RunAsync(Row.Named(name), Options.Parse(rest)),
        ["compare", var ours, var theirs] => Compare(ours, theirs),
        ["list"] => List(),
        ["help" or "--help" or "-h"] => Help(),
        _ => await Harness.RunAsync(Options.Parse(args)),
    };
}
catch (BenchException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}

static int Compare(string ours, string theirs)
{
    Console.Write(Comparison.Table(ResultFile.Load(ours), ResultFile.Load(theirs)));
    return 0;
}

static int List()
{
    foreach (var row in Row.All)
    {
        Console.WriteLine($"{row.Name,-20} {row.Title}");
    }

    return 0;
}

static int Help()
{
    Console.WriteLine(Options.Usage);
    return 0;
}
