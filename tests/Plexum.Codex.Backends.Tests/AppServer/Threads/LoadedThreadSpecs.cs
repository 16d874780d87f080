using Akka.Actor;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>Whose a thread is, which decides what becomes of a question.</summary>
public sealed class LoadedThreadSpecs
{
    [Fact]
    public void A_thread_is_nobodys_unless_a_run_listens_opens_it_or_is_gone_without_having_closed_it()
    {
        var thread = new LoadedThread(ThreadId.Parse("019a0000-0000-7000-8000-000000000001"), ThreadPhase.Loaded) { Turn = "" };
        Assert.True(thread.IsNobodys);

        thread.Run = ActorRefs.Nobody;
        Assert.False(thread.IsNobodys);

        (thread.Run, thread.AwaitsHeir) = (null, true);
        Assert.False(thread.IsNobodys);

        (thread.AwaitsHeir, thread.Phase) = (false, ThreadPhase.Loading);
        Assert.False(thread.IsNobodys);
    }
}
