using Plexum.Codex.Chaos;

namespace Plexum.Codex.Molecule;

public sealed class MoleculeLoadSpecs : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("plexum-molecule-");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_message_is_answered_once_and_in_order_while_one_request_in_five_fails(int seed)
    {
        var options = new MoleculeOptions(Conversations: 10, Messages: 40, seed)
        {
            Pause = TimeSpan.FromMilliseconds(10),
            Limit = Limits.Wait,
        };

        var report = await MoleculeRun.RunAsync(options, _place.FullName);

        Assert.Empty(report.Faults);
        Assert.Equal(40, report.Answered);
        Assert.True(report.Failed > 5, $"Only {report.Failed} of {report.Requests} requests failed.");
    }

    public void Dispose() => _place.Delete(recursive: true);
}
