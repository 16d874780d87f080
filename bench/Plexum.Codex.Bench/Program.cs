using Plexum.Codex.Bench;

var rounds = 5;
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], out rounds) && rounds > 0:
            i++;
            break;
        case "list":
            foreach (var row in Row.All)
            {
                Console.WriteLine($"{row.Name,-16} {row.Title}");
            }

            return 0;
        case var name when Row.All.Any(row => row.Name == name):
            names.Add(name);
            break;
        default:
            Console.Error.WriteLine($"\"{args[i]}\" is no row; usage: [--rounds N] [ROW…]. The rows: {string.Join(", ", Row.All.Select(row => row.Name))}.");
            return 2;
    }
}

Console.WriteLine($"| measurement | median of {rounds} | lowest | highest | allocation | peak memory |");
Console.WriteLine("|---|---|---|---|---|---|");
foreach (var row in Row.All.Where(row => names.Count == 0 || names.Contains(row.Name)))
{
    Console.WriteLine(row.Measure(rounds));
}

return 0;
