using System.Text.Json;
using Plexum.Codex.Approvals;
using Plexum.Codex.Host.Api.Http;

namespace Plexum.Codex.Host.Api.Approvals;

/// <summary>The body of an answer: <c>{decision, answers?}</c>.</summary>
internal static class ApprovalBody
{
    private const string Decision = "decision";
    private const string Answers = "answers";

    /// <summary>Reads the body.</summary>
    /// <exception cref="ProblemException">It is invalid.</exception>
    public static ApprovalAnswer Read(JsonElement? body)
    {
        var errors = new List<string>();
        var decision = default(ApprovalDecision);
        if (
            body is not { } root
            || !root.TryGetProperty(Decision, out var name)
            || name.ValueKind != JsonValueKind.String
            || !ApprovalDecisions.TryParse(name.GetString(), out decision)
        )
        {
            errors.Add($"{Decision}: must be one of {ApprovalDecisions.Names}.");
        }

        var answers =
            body is { } given && given.TryGetProperty(Answers, out var value) && value.ValueKind != JsonValueKind.Null
                ? value
                : (JsonElement?)null;
        if (answers is { ValueKind: not JsonValueKind.Object })
        {
            errors.Add($"{Answers}: must be an object with the answer to each question, or the fields of the form.");
        }
        else if (answers is not null && errors.Count == 0 && !decision.Allows())
        {
            errors.Add($"{Answers}: belong to accept and accept_for_session only.");
        }

        foreach (var field in body?.EnumerateObject().Select(field => field.Name).Where(field => field is not (Decision or Answers)) ?? [])
        {
            errors.Add($"{field}: is unknown; the body has {Decision} and {Answers}.");
        }

        return errors.Count == 0
            ? new ApprovalAnswer(decision, answers?.GetRawText())
            : throw new ProblemException(Problem.BadBody([.. errors]));
    }
}
