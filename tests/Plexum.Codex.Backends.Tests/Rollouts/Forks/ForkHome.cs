using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Forks;

/// <summary>A home of codex's with threads and forks of them, as codex 0.169.0 writes their first records.</summary>
internal sealed class ForkHome : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ForkHome() => Directory.CreateDirectory(_directory.File("sessions"));

    public string Root => _directory.Root;

    public RolloutLimits Limits { get; } = new();

    public RolloutFinder Finder => new(Root, TimeProvider.System);

    public RolloutOpener Opener => new(Finder, _directory.File("scratch"), Limits);

    public static ThreadId Thread(int number) => ThreadId.Parse(FormattableString.Invariant($"019c2257-3a00-7000-8000-{number:x12}"));

    public static string Tokens(int input, int output) =>
        """{"timestamp":"t","ordinal":9,"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":"""
        + FormattableString.Invariant($"{{\"input_tokens\":{input},\"output_tokens\":{output}}}}}}}}}");

    public static string Meta(int number, string more = "") =>
        """{"timestamp":"t","ordinal":0,"type":"session_meta","payload":"""
        + $$$"""{"id":"{{{Thread(number)}}}"{{{more}}},"cwd":"/workspace"}}""";

    /// <summary>The first record of a fork that continues a rollout up to a byte.</summary>
    public static string Fork(int number, int parent, long length) =>
        Meta(
            number,
            $",\"forked_from_id\":\"{Thread(parent)}\",\"history_base\":{{\"thread_id\":\"{Thread(parent)}\","
                + FormattableString.Invariant($"\"end_ordinal_exclusive\":9,\"end_byte_offset\":{length}}}")
        );

    public string PathOf(int number) => _directory.File($"sessions/rollout-2026-02-03T10-00-00-{Thread(number)}.jsonl");

    /// <summary>Writes the rollout of a thread and returns its length.</summary>
    public long Write(int number, params string[] lines)
    {
        File.WriteAllText(PathOf(number), string.Concat(lines.Select(line => line + "\n")));
        return new FileInfo(PathOf(number)).Length;
    }

    public void Compress(int number) => Zstd.PackFile(PathOf(number));

    public OpenRollout Open(int number) =>
        Opener.TryOpen(Thread(number), out var problem) ?? throw new InvalidOperationException(problem ?? "There is none.");

    public void Dispose() => _directory.Dispose();
}
