using System.Text.Json.Nodes;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.LoopbackModel.Answers;

/// <summary>One step of an answer. A closed hierarchy: <see cref="AnswerPlayer"/> handles every case.</summary>
internal abstract record AnswerStep
{
    private AnswerStep() { }

    /// <summary>Whether it must be the last step.</summary>
    public bool IsEnd => this is Fail or Drop or EndEarly or Stall;

    public sealed record Reason(string Summary) : AnswerStep;

    public sealed record Reply(string Text, int? DeltaLength, TimeSpan Pause = default) : AnswerStep;

    public sealed record Call(string Name, string? Namespace, string Arguments, bool IsCustom) : AnswerStep;

    public sealed record Item(JsonObject Json) : AnswerStep;

    public sealed record Event(JsonObject Json) : AnswerStep;

    public sealed record WaitFor(StallGate Gate) : AnswerStep;

    public sealed record Stall : AnswerStep;

    public sealed record Fail(ModelFailure Failure) : AnswerStep;

    public sealed record Drop : AnswerStep;

    public sealed record EndEarly : AnswerStep;
}
