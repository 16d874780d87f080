namespace Plexum.Codex.TestSupport;

/// <summary>One daemon for all specs of a class. Each spec takes an agent of its own, whose codex has a script of its own.</summary>
public abstract class GuaranteeDaemon : IAsyncLifetime
{
    private readonly List<AgentOfTest> _agents = [];

    internal DaemonStage Stage { get; } = new();

    internal AgentOfTest Agent(string name, params string[] script)
    {
        var agent = new AgentOfTest(Stage, name, script);
        _agents.Add(agent);
        return agent;
    }

    private protected virtual void Configure() { }

    public Task InitializeAsync()
    {
        Configure();
        return Stage.StartHostAsync();
    }

    public async Task DisposeAsync()
    {
        _agents.ForEach(agent => agent.KillCodex());
        await Stage.DisposeAsync();
    }
}
