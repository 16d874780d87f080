using Akka.Actor;
using Plexum.Codex.AppServer.Turns.Steps;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Output;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>The model provider of a thread, with which the server would do otherwise than exec.</summary>
public sealed class ThreadProviderSpecs : IDisposable
{
    private readonly TemporaryDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("model_provider = \"mine\"\n", "mine")]
    [InlineData("model_provider = \"mine\"\n", "given", "-c", "model_provider=\"given\"")]
    [InlineData("", "openai")]
    public async Task A_thread_is_loaded_with_the_provider_that_exec_would_have(
        string configuration,
        string provider,
        params string[] arguments
    )
    {
        _files.Write("config.toml", configuration);
        var binaries = new CodexBinarySource(FakeCodexStage.Binary, null);
        var services = new AppServerTurnServices(ActorRefs.Nobody, _files.Root, binaries, TimeProvider.System)
        {
            ExtraArgs = [.. arguments],
        };
        var prompt = new Prompt("hi", []);
        var turn = TurnId.Parse("turn-1");

        var prepared = await new ThreadPreparation(services, "marker").PrepareAsync(
            new CodexBackendProtocol.Start(turn, 1, _files.Root, prompt, null, null, null, CodexSandbox.None, null)
            {
                StartedAt = DateTimeOffset.UnixEpoch,
            }
        );

        Assert.Equal(provider, (string?)prepared.Setup.Config!["model_provider"]);
    }

    [Theory]
    [InlineData("failed to load configuration: Cannot change this thread's model provider from `a` to `b` on resume.", true)]
    [InlineData("This chat uses model provider “a”, which is no longer configured.", true)]
    [InlineData("failed to load configuration: config.toml:3:5: invalid key", false)]
    public void A_refusal_because_of_the_provider_is_the_thread_s_and_not_the_configuration_s(string words, bool isOfProvider)
    {
        var problem = ThreadFaults.ProblemOf(FaultWords.Of(-32600, words, default));

        Assert.Equal(isOfProvider ? ResumeProblem.ThreadOtherProvider : ResumeProblem.None, problem);
    }
}
