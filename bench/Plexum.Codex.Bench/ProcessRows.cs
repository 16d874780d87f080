using System.Diagnostics;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>What starting a process and looking for its leftovers costs, beside the usual way of starting one.</summary>
internal static class ProcessRows
{
    private const int Steps = 100;

    private static readonly CodexBinary True = new("/bin/true", new Version(1, 0), "true");

    public static IEnumerable<Row> All =>
        [
            new Row("spawn", "start of /bin/true by the launcher, until its exit is seen", 0, Spawn),
            new Row("spawn-usual", "the same by Process.Start through setsid and sh", 0, SpawnUsual),
            new Row("survivors", "one search for a turn's processes", 0, FindSurvivors),
        ];

    private static long Spawn() =>
        InTurn(directory =>
        {
            for (var i = 0; i < Steps; i++)
            {
                Start(directory).Exited.GetAwaiter().GetResult();
            }
        });

    private static long SpawnUsual() =>
        InTurn(directory =>
        {
            string[] arguments =
            [
                "/bin/sh",
                "-c",
                "exec /bin/true <\"$0\" >>\"$1\" 2>>\"$2\"",
                directory.PromptFile,
                directory.StdoutFile,
                directory.StderrFile,
            ];
            for (var i = 0; i < Steps; i++)
            {
                using var process = Process.Start(new ProcessStartInfo("/usr/bin/setsid", arguments))!;
                process.WaitForExit();
            }
        });

    private static long FindSurvivors() =>
        InTurn(directory =>
        {
            var process = Start(directory);
            process.Exited.GetAwaiter().GetResult();
            for (var i = 0; i < Steps; i++)
            {
                Survivor.Find(process.Identity, TurnId.Parse("bench"));
            }
        });

    private static CodexProcess Start(TurnDirectory directory) =>
        CodexLauncher.Start(True, [], new ProcessEnvironment().Build(True, TurnId.Parse("bench")), directory.Root, directory);

    private static long InTurn(Action<TurnDirectory> steps)
    {
        var profile = Directory.CreateTempSubdirectory("plexum-codex-bench-");
        try
        {
            var directory = TurnDirectory.Create(new AgentDirectory(profile.FullName, AgentId.Parse("bench")), TurnId.Parse("bench"));
            directory.WritePrompt(new Prompt("x", []));
            steps(directory);
            return Steps;
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }
}
