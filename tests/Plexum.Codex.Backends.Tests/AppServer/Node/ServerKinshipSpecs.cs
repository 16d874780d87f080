using System.Diagnostics;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Lineage;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What a later program, which has adopted the server and is not its ancestor, takes for a turn's.</summary>
public sealed class ServerKinshipSpecs : AppServerTestKit
{
    [Fact]
    public void What_a_server_of_an_earlier_program_starts_is_no_person_s_even_without_an_environment()
    {
        RunTurn(NewNode(), "one");
        using var later = Process.Start("sleep", ["1000"]);
        try
        {
            var kinship = new TurnKinship(later.Id, null, Environment.GetEnvironmentVariable(ProcessEnvironment.TurnVariable));

            Assert.Equal(Kinship.OfTurn, kinship.Of(Stage.Servers[0]));
            Assert.Equal(Kinship.None, kinship.Of(Environment.ProcessId));
        }
        finally
        {
            later.Kill();
        }
    }
}
