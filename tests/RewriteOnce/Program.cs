using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Rewriting;

// Rewrites a rollout when it is told the operation on standard input, so that a test can kill it in the middle of that:
//     RewriteOnce <rollout> <small rollout to warm up with> <id>…
if (args is not [var rollout, var small, .. var ids])
{
    Console.Error.WriteLine("usage: RewriteOnce ROLLOUT SMALL-ROLLOUT ID…");
    return 2;
}

Rewrite(small, CallToConsume.Heavy);
Console.WriteLine("ready");
if (Console.ReadLine() is { } op)
{
    Rewrite(rollout, op);
    Console.WriteLine("done");
}

return 0;

void Rewrite(string path, string op) => RolloutRewriter.Apply(path, new RewriteRequest([.. ids.Select(id => new CallToConsume(id, op))]));
