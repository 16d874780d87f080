using System.Text.Json.Serialization;
using Plexum.Codex.Inbox;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Client.Documents;

/// <summary>The source-generated serializer of the documents, shared by the server and the command line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(SnakeCaseEnum<TurnState>),
        typeof(SnakeCaseEnum<StopReason>),
        typeof(SnakeCaseEnum<TurnErrorClass>),
        typeof(SnakeCaseEnum<AgentPhase>),
        typeof(SnakeCaseEnum<CancelResult>),
        typeof(SnakeCaseEnum<SteerResult>),
        typeof(SnakeCaseEnum<InboxPhase>),
    ]
)]
[JsonSerializable(typeof(AcceptedDocument))]
[JsonSerializable(typeof(TurnDocument))]
[JsonSerializable(typeof(TurnsDocument))]
[JsonSerializable(typeof(AgentDocument))]
[JsonSerializable(typeof(AgentsDocument))]
[JsonSerializable(typeof(UsageDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(StandingProblemsDocument))]
[JsonSerializable(typeof(CancelDocument))]
[JsonSerializable(typeof(CancelledTurnsDocument))]
[JsonSerializable(typeof(SteerDocument))]
[JsonSerializable(typeof(ApprovalsDocument))]
[JsonSerializable(typeof(ApprovalAnsweredDocument))]
[JsonSerializable(typeof(SettingsDocument))]
[JsonSerializable(typeof(ConsumeDocument))]
[JsonSerializable(typeof(MoleculeDocument))]
[JsonSerializable(typeof(DeadLettersDocument))]
[JsonSerializable(typeof(RequeuedDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(ProblemDocument))]
public sealed partial class ApiJson : JsonSerializerContext;
