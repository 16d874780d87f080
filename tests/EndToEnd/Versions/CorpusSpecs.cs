using Plexum.Codex.Events;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;
using ConsumeAnswer = Plexum.Codex.Gateway.ConsumeAnswer;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>
/// Each rollout of tests/Corpus as an agent's thread, with each codex; its README says what a turn in it does. The turn after it, which
/// depends on what codex appended more than on the rollout, is tried with one codex and the odd files.
/// </summary>
public sealed class CorpusSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Folder = "rollouts";
    private const string Continues = "`continues`";
    private const int AtOnce = 4;

    public static TheoryData<BackendKind, string> Versions => CodexVersions.OnEachBackend;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Each_rollout_is_continued_or_refused_as_its_line_says(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var lines = Corpus.Lines(Folder);
        var files = Corpus.Files(Folder);
        using var places = new SemaphoreSlim(AtOnce);

        var outcomes = await Task.WhenAll(
            files.Select((file, number) => InTurnAsync(places, () => OutcomeAsync(rig, version, file, number)))
        );

        Assert.Equal(
            files.Select(file => $"{file}: {lines.GetValueOrDefault(file)?[^1]}"),
            files.Zip(outcomes, (file, outcome) => $"{file}: {outcome}")
        );
    }

    private static async Task<string> InTurnAsync(SemaphoreSlim places, Func<Task<string>> work)
    {
        await places.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task<string> OutcomeAsync(CodexRig rig, string version, string file, int number)
    {
        var thread = CorpusThread.Put(rig, file, number);
        var before = await File.ReadAllBytesAsync(thread.Path);

        var turn = await rig.SayAsync("!run echo hi\n!say done", thread.Agent);

        if (await File.ReadAllTextAsync(rig.SessionFile(thread.Agent)) != thread.Id.ToString())
        {
            return $"goes on in another thread, with {string.Join(' ', turn.NoticeCodes)} {turn.Error?.Message}";
        }

        if (turn.Error is null)
        {
            var goesOn = version == PinnedCodex.Newest && file.StartsWith("odd-", StringComparison.Ordinal);
            return await ContinuationAsync(rig, thread, turn, goesOn);
        }

        var after = await File.ReadAllBytesAsync(thread.Path);
        return after.SequenceEqual(before) ? $"`{turn.Error.Code}`" : $"{turn.Error.Code} with another file: {turn.Error.Message}";
    }

    private static async Task<string> ContinuationAsync(CodexRig rig, CorpusThread thread, FinishedTurn turn, bool goesOn)
    {
        var calls = turn.Events.OfType<CanonicalEvent.ToolCall>().ToList();
        if (turn.Text != "done" || calls.Count != 1 || calls[0].Arguments != """{"cmd":"echo hi"}""")
        {
            return $"says {turn.Text} with the calls {string.Join(' ', calls)}";
        }

        var consumed = await rig
            .System.Gateway.ConsumeAsync(
                AgentId.Parse(thread.Agent),
                rig.Workspace(thread.Agent),
                [new CallToConsume(calls[0].Id, CallToConsume.Heavy)],
                Submitter.Owner
            )
            .WithinLimit();
        if (consumed is not ConsumeAnswer.Done { Result.Touched: 1 })
        {
            return $"consumes {consumed}";
        }

        if (!goesOn)
        {
            return Continues;
        }

        var next = await rig.SayAsync("And on.", thread.Agent);
        return next.Error is null && next.Text == "And on." && next.Thread == thread.Id
            ? Continues
            : $"goes on with {next.Error?.Code} {next.Text} in {next.Thread}";
    }
}
