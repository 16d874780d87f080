using Plexum.Codex.Chaos;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>The real codex, whose model says each prompt back and remembers what it was asked.</summary>
internal sealed class RealChaosCodex(LoopbackModelServer model, CodexRig rig) : IChaosCodex
{
    public string Binary => CodexRig.Codex;

    public IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string> { ["CODEX_HOME"] = rig.CodexHome, ["HOME"] = rig.Home };

    public int EventsOfTurn => 3;

    public string PromptOf(string name) => name;

    public IReadOnlyList<string> AnswerOf(string name) => [name];

    public int RunsOf(string name) => model.Exchanges.Count(exchange => exchange.Request?.LastUserText == name);
}
