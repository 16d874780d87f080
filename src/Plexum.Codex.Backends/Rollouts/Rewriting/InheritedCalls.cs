using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Json;
using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Rewriting;

/// <summary>
/// Finds the requested calls of a fork that stand in the rollout of its parent. They are not rewritten there: the parent and its other
/// forks read the same bytes (measured on 0.169.0 and 0.171.0: a marker in the parent's file reaches the model in the fork too).
/// </summary>
/// <param name="opener">Opens the rollouts.</param>
internal sealed class InheritedCalls(RolloutOpener opener)
{
    private readonly RolloutAncestors _ancestors = new(opener);

    /// <summary>Sentences that say where those requested calls stand that the thread's own rollout does not have.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="request">The request.</param>
    public IReadOnlyList<string> Describe(ThreadId thread, RewriteRequest request)
    {
        var warnings = new List<string>();
        try
        {
            using var rollout = opener.TryOpen(thread, out _);
            if (rollout is not null && RolloutOrigin.Of(rollout.File) is { Length: not null })
            {
                Describe(thread, rollout, request, warnings);
            }
        }
        catch (IOException e)
        {
            warnings.Add($"Whether a thread that this one was forked from has requested calls is unknown: {e.Message.TrimEnd('.')}.");
        }

        return warnings;
    }

    private void Describe(ThreadId thread, OpenRollout rollout, RewriteRequest request, List<string> warnings)
    {
        var known = Named(rollout.File, rollout.Length, request);
        foreach (var ancestor in _ancestors.Of(thread, rollout))
        {
            var there = Named(ancestor.Rollout.File, ancestor.Length, request);
            there.ExceptWith(known);
            known.UnionWith(there);
            if (there.Count > 0)
            {
                warnings.Add(
                    $"The thread {ancestor.Thread}, which this one was forked from, has {RolloutRewrites.Name(there)} in "
                        + $"{ancestor.Rollout.Path}, which was not touched. Consume it in that thread; its forks then get the marker too."
                );
            }
        }
    }

    private static SortedSet<string> Named(SafeFileHandle file, long to, RewriteRequest request)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        using var framer = new JsonlFramer(RolloutRewrites.MaxLineBytes);
        long offset = 0;
        while (true)
        {
            var room = framer.GetMemory().Span;
            var read = RandomAccess.Read(file, room[..(int)Math.Min(room.Length, to - offset)], offset);
            offset += read;
            framer.Advance(read);
            if (read == 0)
            {
                framer.Complete();
            }

            while (framer.TryRead(out var line))
            {
                Look(line.Bytes, request, found);
            }

            if (read == 0)
            {
                return found;
            }
        }
    }

    private static void Look(ReadOnlySpan<byte> line, RewriteRequest request, SortedSet<string> found)
    {
        if (!RewritableLine.MayBeNamed(line, request) || !RewritableLine.TryRead(line, out var call))
        {
            return;
        }

        var id = call.CallId.Decode();
        if (request.Names(id))
        {
            found.Add(id);
        }
    }
}
