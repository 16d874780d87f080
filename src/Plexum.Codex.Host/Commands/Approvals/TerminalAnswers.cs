using System.Text.Json.Nodes;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Terminals;

namespace Plexum.Codex.Host.Commands.Approvals;

/// <summary>What the keys mean with which a person answers a question.</summary>
internal static class TerminalAnswers
{
    private const int MaxChoices = 9;

    /// <summary>Says which keys there are, in words of this program's alone.</summary>
    /// <param name="question">The question.</param>
    /// <param name="elsewhere">How to answer where no key can, as a sentence.</param>
    public static string Explain(ApprovalQuestion question, Func<ApprovalQuestion, string> elsewhere)
    {
        var no = "n to decline it, c to cancel the turn";
        if (ApprovalTexts.ChoiceOf(question) is { Labels.Count: var count } && !question.IsCut)
        {
            var more = count > MaxChoices ? FormattableString.Invariant($" There are {count} choices. {elsewhere(question)}") : "";
            return FormattableString.Invariant($"{question.Id}: press 1 to {Math.Min(count, MaxChoices)} to choose, {no}.{more}");
        }

        return question.IsCut ? $"{question.Id}: press {no}."
            : ApprovalTexts.NeedsWords(question) ? $"{question.Id} asks for words. {elsewhere(question)} Or press {no}."
            : question.Kind == ApprovalKind.Elicitation ? $"{question.Id}: press y to allow it, {no}."
            : $"{question.Id}: press y to allow it, a to allow the same for the whole thread, {no}.";
    }

    /// <summary>How to answer with a command, as a sentence.</summary>
    public static string WithCommand(ApprovalQuestion question) =>
        question.IsCut ? $"Say no with \"plexum-codex approve {question.Id} --decline\"."
        : ApprovalTexts.NeedsWords(question)
            ? $"Answer with \"plexum-codex approve {question.Id} --answer TEXT\", or say no with --decline."
        : $"Answer with \"plexum-codex approve {question.Id}\", or say no with --decline.";

    /// <summary>What to tell somebody who reads an event of a turn that runs; null for nothing.</summary>
    /// <param name="value">The event.</param>
    /// <param name="now">The current time: a question whose deadline has passed needs no answer.</param>
    public static string? HintTo(CanonicalEvent value, DateTimeOffset now) =>
        value is CanonicalEvent.ApprovalRequest asked && asked.ExpiresAt > now
            ? $"Until {asked.Question.Id} is answered, the turn waits. {WithCommand(asked.Question)}"
            : null;

    /// <summary>The answer that a key gives; null for none.</summary>
    public static ApprovalAnswer? Of(ApprovalQuestion question, char key)
    {
        if (char.ToLowerInvariant(key) is 'n' or 'c')
        {
            return char.ToLowerInvariant(key) == 'n' ? ApprovalAnswer.Declined : new ApprovalAnswer(ApprovalDecision.Cancel);
        }

        if (question.IsCut)
        {
            return null;
        }

        if (ApprovalTexts.ChoiceOf(question) is { } choice)
        {
            var index = key - '1';
            return index >= 0 && index < Math.Min(choice.Labels.Count, MaxChoices)
                ? new ApprovalAnswer(ApprovalDecision.Accept, new JsonObject { [choice.Id] = choice.Labels[index] }.ToJsonString())
                : null;
        }

        return ApprovalTexts.NeedsWords(question)
            ? null
            : char.ToLowerInvariant(key) switch
            {
                'y' => new ApprovalAnswer(ApprovalDecision.Accept),
                'a' when question.Kind != ApprovalKind.Elicitation => new ApprovalAnswer(ApprovalDecision.AcceptForSession),
                _ => null,
            };
    }
}
