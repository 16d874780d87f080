using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Chaos;

namespace Plexum.Codex.Bench;

/// <summary>
/// Another user opens connections to the daemon over TCP and sends nothing: <c>connections [COUNT [PROGRAM]]</c>. The owner uses the
/// daemon meanwhile. As root, the other user is nobody; otherwise it is the same user, which makes no difference to TCP.
/// </summary>
internal static class ConnectionsCommand
{
    private const int Samples = 200;
    private const int PerAttacker = 5000;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var count = arguments.Count > 0 && int.TryParse(arguments[0], out var number) && number > 0 ? number : 20_000;
        var place = Directory.CreateTempSubdirectory("plexum-connections-");
        try
        {
            var profile = place.CreateSubdirectory("profile").FullName;
            IChaosCodex codex = new ScriptedCodex(place.FullName, pause: 0);
            var port = TcpSession.FreePort();
            await using var daemon = new DaemonProcess(profile, () => codex.Environment(profile));
            if (arguments.Count > 1)
            {
                daemon.Program = Path.GetFullPath(arguments[1]);
            }

            daemon.Arguments.AddRange(["--listen", FormattableString.Invariant($"127.0.0.1:{port}")]);
            await daemon.StartAsync();
            var owner = new Owner(daemon, port, (await File.ReadAllTextAsync(Path.Combine(profile, "api-token"))).Trim());
            Console.WriteLine(
                "| connections of another user | opened in all, and open at the end | status over the socket, median – highest "
                    + "| over TCP, each on a new connection | a turn, submitted and ended | descriptors of the daemon | peak resident |"
            );
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
            await owner.MeasureAsync();
            Console.WriteLine($"| none | 0, 0 | {await owner.MeasureAsync()} |");
            await AttackAsync(owner, count, "once", $"{Text(count)}, opened once");
            await AttackAsync(owner, count, "again", $"{Text(count)}, opened again when they are closed");
            Console.WriteLine("The daemon still takes turns.");
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or IOException)
        {
            Console.WriteLine($"The daemon does not serve its owner any more: {e.Message}");
            return 1;
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private static string Text(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static async Task AttackAsync(Owner owner, int count, string mode, string title)
    {
        var script = await File.ReadAllTextAsync("bench/connection-flood/flood.py");
        var attackers = Enumerable
            .Range(0, (count + PerAttacker - 1) / PerAttacker)
            .Select(n => Start(script, owner.Port, Math.Min(PerAttacker, count - (n * PerAttacker)), mode))
            .ToList();
        try
        {
            // Each has opened its share, or has had ten seconds to.
            var clock = Stopwatch.StartNew();
            while (attackers.Sum(attacker => attacker.Opened) < count && clock.Elapsed < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(100);
            }

            var row = await owner.MeasureAsync();
            var (opened, held) = (attackers.Sum(attacker => attacker.Opened), attackers.Sum(attacker => attacker.Held));
            Console.WriteLine($"| {title} | {Text(opened)}, {Text(held)} | {row} |");
        }
        finally
        {
            attackers.ForEach(attacker => attacker.Dispose());
        }
    }

    private static Attacker Start(string script, int port, int count, string mode)
    {
        string[] command =
        [
            .. OrdinaryUser.Prefix,
            "/usr/bin/python3",
            "-c",
            script,
            port.ToString(CultureInfo.InvariantCulture),
            count.ToString(CultureInfo.InvariantCulture),
            mode,
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        return new Attacker(Process.Start(start)!);
    }

    private sealed class Attacker : IDisposable
    {
        private readonly Process _process;

        public Attacker(Process process)
        {
            _process = process;
            _process.OutputDataReceived += (_, line) =>
            {
                if (line.Data?.Split(' ') is [var opened, var held])
                {
                    Opened = int.Parse(opened, CultureInfo.InvariantCulture);
                    Held = int.Parse(held, CultureInfo.InvariantCulture);
                }
            };
            _process.BeginOutputReadLine();
        }

        public int Opened { get; private set; }

        public int Held { get; private set; }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.WaitForExit();
            _process.Dispose();
        }
    }

    private sealed class Owner(DaemonProcess daemon, int port, string token)
    {
        private int _turns;

        public int Port => port;

        /// <returns>The columns of the owner's.</returns>
        public async Task<string> MeasureAsync()
        {
            var (local, tcp, descriptors) = (new List<double>(), new List<double>(), 0);
            for (var sample = 0; sample < Samples; sample++)
            {
                local.Add(await TimeAsync(() => daemon.Api.StatusAsync()));
                tcp.Add(await TimeAsync(StatusOverTcpAsync));
                descriptors = Math.Max(descriptors, Descriptors());
            }

            var turn = await TimeAsync(async () =>
                await daemon.Api.EventsAsync(await daemon.Api.SubmitAsync("hello", $"owner-{++_turns}"))
            );
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Show(local)} | {Show(tcp)} | {turn:0} ms | {(descriptors > 0 ? Text(descriptors) : "–")} "
                    + $"| {ProcessProbe.PeakBytesOf(daemon.Id) / 1048576.0:0.0} MiB"
            );
        }

        private async Task StatusOverTcpAsync()
        {
            using var session = await TcpSession.OpenAsync(port);
            if (await session.GetAsync("/v1/status", token) is not 200 and var status)
            {
                throw new InvalidOperationException($"a request over TCP with the owner's token got {status}.");
            }
        }

        // Only root may look, since the daemon keeps its /proc to itself.
        private int Descriptors()
        {
            try
            {
                return Directory.EnumerateFileSystemEntries(FormattableString.Invariant($"/proc/{daemon.Id}/fd")).Count();
            }
            catch (UnauthorizedAccessException)
            {
                return 0;
            }
        }

        private static async Task<double> TimeAsync(Func<Task> work)
        {
            var clock = Stopwatch.StartNew();
            await work();
            return clock.Elapsed.TotalMilliseconds;
        }

        private static string Show(List<double> times)
        {
            times.Sort();
            return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:0.0} – {times[^1]:0.0} ms");
        }
    }
}
