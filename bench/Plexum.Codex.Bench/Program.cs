using System.Diagnostics;
using Plexum.Codex.Bench;
using Plexum.Codex.Bench.Warm;
using Plexum.Codex.Bench.Warm.Stage;

const string Usage =
    "usage: [--rounds N] [list | ROW…], or turn [PAIRS], or chaos [AGENTS TURNS KILLS [SEED]], "
    + "or molecule [CONVERSATIONS MESSAGES [SEED]], or daemon [AGENTS [PROGRAM]], or fuzz [REQUESTS [SEED]], "
    + "or relay [PROGRAM [RUNS]], or connections [COUNT [PROGRAM]], "
    + "or warm [OPTION]… [PART]…; without rows all are measured, each in a process of its own";

if (args is ["turn", .. var pairs])
{
    return await TurnOverhead.RunAsync(pairs is [var number] && int.TryParse(number, out var count) && count > 0 ? count : 100);
}

if (args is ["chaos", .. var sizes])
{
    return await ChaosCommand.RunAsync(sizes);
}

if (args is ["molecule", .. var chats])
{
    return await MoleculeCommand.RunAsync(chats);
}

if (args is ["fuzz", .. var requests])
{
    return await FuzzCommand.RunAsync(requests);
}

if (args is ["connections", .. var flood])
{
    return await ConnectionsCommand.RunAsync(flood);
}

if (args is ["relay", .. var relay])
{
    return await RelayCommand.RunAsync(relay);
}

if (args is [PacedModel.Command])
{
    return await PacedModel.RunAsync();
}

if (args is ["warm", .. var warm])
{
    return await WarmCommand.RunAsync(warm);
}

if (args is ["daemon", .. var known])
{
    return await DaemonCommand.RunAsync(
        known is [var agents, ..] && int.TryParse(agents, out var many) ? many : 10_000,
        known is [_, var program] ? program : null
    );
}

var rounds = 5;
var rows = new List<Row>();
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "list")
    {
        foreach (var row in Row.All)
        {
            Console.WriteLine($"{row.Name, -14} {row.Title}");
        }

        return 0;
    }

    if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[i + 1], out rounds) && rounds > 0)
    {
        i++;
    }
    else if (Row.All.FirstOrDefault(row => row.Name == args[i]) is { } named)
    {
        rows.Add(named);
    }
    else
    {
        Console.Error.WriteLine(
            $"\"{args[i]}\" is neither a row nor an option; {Usage}. The rows: {string.Join(", ", Row.All.Select(row => row.Name))}."
        );
        return 2;
    }
}

if (rows is [var only])
{
    Console.WriteLine(only.Measure(rounds));
    return 0;
}

Console.WriteLine($"| measurement | median of {rounds} | lowest – highest | processor time | allocation | peak memory |");
Console.WriteLine("|---|--:|--:|--:|--:|--:|");
foreach (var row in rows.Count == 0 ? Row.All : rows)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!, ["--rounds", $"{rounds}", row.Name]);
    if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
    {
        start.ArgumentList.Insert(0, typeof(Row).Assembly.Location);
    }

    using var process = Process.Start(start)!;
    await process.WaitForExitAsync();
    if (process.ExitCode != 0)
    {
        return process.ExitCode;
    }
}

return 0;
