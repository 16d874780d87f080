using System.Globalization;

namespace Plexum.ActorKernel.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Usage = """
        usage: bench [OPTION…]               measure and print a table
               bench list                    print the names of the rows
               bench compare OURS THEIRS     print two result files side by side
          --rows A,B,…      measure these rows only
          --processes N     how many processes each row gets (default 7)
          --smoke           tiny sizes and one process: shows that everything runs, not how fast
          --out FILE        write all figures to FILE (JSON), for compare
        """;

    public IReadOnlyList<Row> Rows { get; private init; } = Row.All;

    public int Processes => GivenProcesses ?? (Smoke ? 1 : 7);

    public bool Smoke { get; private init; }

    public string? Out { get; private init; }

    private int? GivenProcesses { get; init; }

    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Count; i++)
        {
            string Value() => ++i < arguments.Count ? arguments[i] : throw new BenchException($"{arguments[i - 1]} needs a value.\n{Usage}");

            options = arguments[i] switch
            {
                "--rows" => options with { Rows = [.. Value().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Row.Named)] },
                "--processes" => options with { GivenProcesses = Count(Value()) },
                "--smoke" => options with { Smoke = true },
                "--out" => options with { Out = Value() },
                var unknown => throw new BenchException($"Unknown argument '{unknown}'.\n{Usage}"),
            };
        }

        return options;
    }

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new BenchException($"--processes takes a number from 1 on, not '{text}'.");
}
