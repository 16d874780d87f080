using System.Text.Json.Nodes;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Chaos.Rounds;

/// <summary>A turn that was accepted, with its reader and, where it needs one, its host.</summary>
internal sealed class RoundTurn
{
    private readonly DaemonProcess _daemon;
    private readonly IRoundsCodex _codex;
    private readonly TaskCompletionSource _spoke = New();
    private readonly TaskCompletionSource _asked = New();
    private readonly TaskCompletionSource _go = New();
    private readonly Task _hosting;

    private RoundTurn(DaemonProcess daemon, IRoundsCodex codex, TurnPlan plan, string name, string id, CancellationToken cancellationToken)
    {
        (_daemon, _codex, Plan, Name, Id) = (daemon, codex, plan, name, id);
        Reader = new TurnReader(daemon, plan.Agent, id, OnEvent);
        Read = Reader.RunAsync(cancellationToken);
        _hosting = plan.Kind switch
        {
            KillMoment.Question => AnswerQuestionsAsync(cancellationToken),
            KillMoment.Tool => AnswerCallsAsync(cancellationToken),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>How it was meant.</summary>
    public TurnPlan Plan { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>What was read of it while it ran.</summary>
    public TurnReader Reader { get; }

    /// <summary>Completes with its end.</summary>
    public Task Read { get; }

    /// <summary>Whether it was in the middle of its work when something was killed, and had told so.</summary>
    public bool IsMidway { get; private set; }

    private string Workspace => new AgentDirectory(_daemon.Profile, AgentId.Parse(Plan.Agent)).DefaultWorkspace;

    /// <summary>Submits it.</summary>
    public static async Task<RoundTurn> BeginAsync(
        DaemonProcess daemon,
        IRoundsCodex codex,
        TurnPlan plan,
        string name,
        CancellationToken cancellationToken
    )
    {
        var answer = await daemon.Api.TrySubmitAsync(codex.PromptOf(name), plan.Agent, name, Change, cancellationToken);
        return new RoundTurn(daemon, codex, plan, name, (string)answer.Must(202).Json["turn_id"]!, cancellationToken);

        void Change(JsonObject body)
        {
            body["backend"] = plan.Backend.ToWireName();
            if (plan.Kind == KillMoment.Question)
            {
                body["approvals"] = "untrusted";
            }
            else if (plan.Kind == KillMoment.Tool)
            {
                DaemonApi.WithTool(body);
            }
        }
    }

    /// <summary>Completes when it is in the middle of its work, and has told what it did; or when it has ended.</summary>
    public async Task MidwayAsync(CancellationToken cancellationToken)
    {
        var reached = Plan.Kind is KillMoment.Question or KillMoment.Tool
            ? _asked.Task
            : _codex.ReachedAsync(Name, Workspace, cancellationToken);
        await Task.WhenAny(Read, Plan.Kind == KillMoment.Ending ? reached : Task.WhenAll(reached, ToldAsync())).Unwrap();
        IsMidway = !Read.IsCompleted && Plan.Kind != KillMoment.Ending;
    }

    /// <summary>The turn goes on, if it waits for its host.</summary>
    public void LetGo()
    {
        _codex.LetGo(Name, Workspace);
        _go.TrySetResult();
    }

    /// <summary>Completes when nothing of it runs here any more.</summary>
    public async Task EndAsync()
    {
        await Read;
        await _hosting;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Exec tells a message when it is whole, and the start of a command at once.
    private Task ToldAsync() =>
        Plan.Kind is KillMoment.Question or KillMoment.Tool || (Plan.Backend == BackendKind.Exec && Plan.Kind == KillMoment.Writing)
            ? Task.CompletedTask
            : _spoke.Task;

    private void OnEvent(SseEvent value)
    {
        switch (value.Type)
        {
            case "text_delta" or "activity":
                _spoke.TrySetResult();
                break;
            case "approval_request":
                _asked.TrySetResult();
                break;
        }
    }

    private async Task AnswerQuestionsAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_go.Task, Read);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!Read.IsCompleted && await looks.WaitForNextTickAsync(cancellationToken))
        {
            await TryAsync(async () =>
            {
                var waiting = await _daemon.Api.JsonAsync($"/v1/approvals?turn={Id}", cancellationToken);
                foreach (var question in waiting["approvals"]!.AsArray())
                {
                    var path = $"/v1/turns/{Id}/approvals/{(string)question!["id"]!}";
                    _ = await _daemon.Api.PostAsync(path, """{"decision":"accept"}""");
                }
            });
        }
    }

    private async Task AnswerCallsAsync(CancellationToken cancellationToken)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            await _daemon.UpAsync(cancellationToken);
            await TryAsync(async () =>
            {
                using var calls = await _daemon.Api.OpenAsync($"/v1/turns/{Id}/tool-calls", cancellationToken: cancellationToken);
                await foreach (
                    var call in SseEvent.FollowAsync(await calls.Content.ReadAsStreamAsync(cancellationToken), cancellationToken)
                )
                {
                    _asked.TrySetResult();
                    await Task.WhenAny(_go.Task, Read);
                    _ = await _daemon.Api.AnswerAsync(Id, (string)call.Json["call_id"]!, """{"content":"a value"}""");
                }
            });
        } while (!Read.IsCompleted && await looks.WaitForNextTickAsync(cancellationToken));
    }

    // The daemon may die meanwhile.
    private static async Task TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // It is asked again.
        }
    }
}
