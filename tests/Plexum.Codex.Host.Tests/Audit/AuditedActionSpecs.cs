using Microsoft.AspNetCore.Http;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Configuration;
using Serilog.Events;

namespace Plexum.Codex.Host.Audit;

/// <summary>Which file an action stands in.</summary>
public sealed class AuditedActionSpecs : IDisposable
{
    private readonly ProfileOfTest _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task What_may_have_been_done_is_not_among_what_was_refused()
    {
        var problem = Problem.NoAnswer with { Detail = "The model may see the text." };

        await RunAsync(problem);

        Assert.Contains("\"busy\"", Lines("audit.jsonl"), StringComparison.Ordinal);
        Assert.Equal("", Lines("audit-refused.jsonl"));
    }

    [Fact]
    public async Task What_was_refused_is_not_among_what_was_done()
    {
        await RunAsync(Problem.NotReady);

        Assert.Equal("", Lines("audit.jsonl"));
        Assert.Contains("\"starting\"", Lines("audit-refused.jsonl"), StringComparison.Ordinal);
    }

    private async Task RunAsync(Problem problem)
    {
        Directory.CreateDirectory(_place.Profile.Logs);
        var settings = new LogSettings(LogEventLevel.Information, LogEventLevel.Warning, 1024 * 1024, 2);
        using var log = AuditLog.Open(_place.Profile, settings, TimeProvider.System);
        var route = new ApiRoute("POST", "/x", AccessScopes.Submit, http =>
        {
            AuditedAction.Of(http)!.Begin();
            throw new ProblemException(problem);
        }) { Action = "steer" };
        var context = new DefaultHttpContext();
        context.Features.Set(Caller.Owner);

        await Assert.ThrowsAsync<ProblemException>(() => route.RunAsync(context, log));
    }

    private string Lines(string name)
    {
        var file = Path.Combine(_place.Profile.Logs, name);
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
