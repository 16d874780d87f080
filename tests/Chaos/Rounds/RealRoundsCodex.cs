using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.Chaos.Rounds;

/// <summary>The real codex, with a model that stops in the middle of a turn.</summary>
public sealed class RealRoundsCodex : IRoundsCodex
{
    private const int Remembered = 100_000;
    private const int Piece = 16;

    // As long as codex waits for a command before the model goes on without its end.
    private static readonly TimeSpan CommandWait = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, StallGate> _gates = new();
    private LoopbackModelServer? _model;

    private RealRoundsCodex(string place, string binary)
    {
        Binary = binary;
        Home = Path.Combine(place, "codex-home");
        Variables = new Dictionary<string, string>
        {
            ["CODEX_HOME"] = Home,
            ["HOME"] = Directory.CreateDirectory(Path.Combine(place, "home")).FullName,
        };
    }

    /// <inheritdoc/>
    public string Binary { get; }

    /// <inheritdoc/>
    public string Home { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <inheritdoc/>
    public int EventsOfTurn => 3;

    /// <inheritdoc/>
    public IReadOnlyList<KillMoment> Moments { get; } = Enum.GetValues<KillMoment>();

    /// <inheritdoc/>
    public IReadOnlyList<string> Complaints => Model.Refusals;

    private LoopbackModelServer Model => _model!;

    /// <summary>Starts its model.</summary>
    /// <param name="place">A directory for its home.</param>
    /// <param name="binary">The executable.</param>
    public static async Task<RealRoundsCodex> StartAsync(string place, string binary)
    {
        var codex = new RealRoundsCodex(place, binary);
        codex._model = await LoopbackModelServer.StartAsync(codex.Answer, Remembered);
        codex.Model.Provider.WriteConfig(codex.Home);
        return codex;
    }

    /// <inheritdoc/>
    public string PromptOf(string name) => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> AnswerOf(string name) => [TurnNames.AnswerOf(name)];

    /// <inheritdoc/>
    public int RunsOf(string name) => Model.Exchanges.Count(exchange => Begins(exchange, name));

    /// <inheritdoc/>
    public int CallsOf(string name) => TurnNames.KindOf(name) is KillMoment.Command or KillMoment.Question or KillMoment.Tool ? 1 : 0;

    /// <inheritdoc/>
    public IReadOnlyList<string>? ToldOf(string name) =>
        Model.Exchanges.LastOrDefault(exchange => Begins(exchange, name))?.Request?.UserTexts;

    /// <inheritdoc/>
    public async Task ReachedAsync(string name, string workspace, CancellationToken cancellationToken)
    {
        switch (TurnNames.KindOf(name))
        {
            case KillMoment.Writing:
                await GateOf(name).ReachedAsync(cancellationToken: cancellationToken);
                break;
            case KillMoment.Command:
                await Limits.UntilAsync(() => File.Exists(Path.Combine(workspace, TurnNames.HereFile(name))));
                break;
            default:
                var exchange = await Model.WaitForExchangeAsync(exchange => Begins(exchange, name), cancellationToken);
                await exchange.Outcome.WaitAsync(cancellationToken);
                break;
        }
    }

    /// <inheritdoc/>
    public void LetGo(string name, string workspace)
    {
        GateOf(name).Open();
        File.WriteAllText(Path.Combine(workspace, TurnNames.GoFile(name)), "");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_model is not null)
        {
            await _model.DisposeAsync();
        }
    }

    private static bool Begins(ModelExchange exchange, string name) =>
        exchange.Request is { Round: 0 } request && request.LastUserText == name;

    private ModelAnswer Answer(ModelRequest request)
    {
        var name = request.LastUserText;
        return (TurnNames.KindOf(name), request.Round) switch
        {
            (KillMoment.Writing, _) => InHalves(name),
            (KillMoment.Command, 0) => new ModelAnswer().RunCommand(
                $"touch {TurnNames.HereFile(name)}; while [ ! -e {TurnNames.GoFile(name)} ]; do sleep 0.05; done; echo done",
                CommandWait
            ),
            (KillMoment.Question, 0) => new ModelAnswer().RunCommand($"touch {TurnNames.HereFile(name)}", CommandWait),
            (KillMoment.Tool, 0) => new ModelAnswer().CallTool(
                "get",
                toolNamespace: request.Tools.First(tool => tool.Name == "get").Namespace
            ),
            _ => new ModelAnswer().ReplyInDeltas(TurnNames.AnswerOf(name), Piece),
        };
    }

    // A message of which the second half waits, in the events of the Responses API.
    private ModelAnswer InHalves(string name)
    {
        var text = TurnNames.AnswerOf(name);
        var half = text.Length / 2;
        var begun = Deltas(new ModelAnswer().Event(ItemEvent("added", name, "")), name, text[..half]);
        return Deltas(begun.WaitFor(GateOf(name)), name, text[half..]).Event(ItemEvent("done", name, text));
    }

    private static ModelAnswer Deltas(ModelAnswer answer, string name, string text) =>
        text.Chunk(Piece)
            .Aggregate(answer, (sofar, piece) => sofar.Event(
                    new JsonObject
                    {
                        ["type"] = "response.output_text.delta",
                        ["item_id"] = IdOf(name),
                        ["output_index"] = 0,
                        ["content_index"] = 0,
                        ["delta"] = new string(piece),
                    }.ToJsonString()
                ));

    private static string ItemEvent(string what, string name, string text) =>
        new JsonObject
        {
            ["type"] = $"response.output_item.{what}",
            ["output_index"] = 0,
            ["item"] = new JsonObject
            {
                ["type"] = "message",
                ["id"] = IdOf(name),
                ["role"] = "assistant",
                ["content"] =
                    text.Length == 0 ? new JsonArray() : new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = text }),
            },
        }.ToJsonString();

    private static string IdOf(string name) => $"msg_{name.Replace('.', '_')}";

    private StallGate GateOf(string name) => _gates.GetOrAdd(name, _ => new StallGate());
}
