using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// Unloads threads: there is no method for it, but <c>thread/archive</c> followed by <c>thread/unarchive</c> frees the writer lock, the MCP
/// servers and running commands (measured on 0.169.0 and 0.171.0, 10 to 45 ms together). In between the thread is archived, where nobody
/// can use it, so it is noted first.
/// </summary>
/// <param name="link">The server.</param>
/// <param name="done">Gets the thread and why it is still loaded; null if it is unloaded.</param>
internal sealed class ThreadUnloading(ServerLink link, Action<LoadedThread, AppServerFault?> done)
{
    private readonly Dictionary<ThreadId, LoadedThread> _noting = [];
    private readonly Dictionary<int, (ThreadId Thread, AppServerFault Fault, Action<AppServerFault?> Then)> _misplaced = [];
    private int _numbered;

    /// <summary>Why a thread cannot be used just now: its server died while it unloaded it.</summary>
    public static string LeftArchived(ThreadId thread) =>
        $"codex app-server died while it unloaded the thread {thread}, which may be in codex's archive. The next app-server takes it out; "
        + "try again in a moment.";

    /// <summary>Begins to unload a thread.</summary>
    public void Begin(LoadedThread thread)
    {
        thread.Phase = ThreadPhase.Unloading;
        if (!thread.HasRollout)
        {
            // Archiving would write a rollout of a thread in which nothing was said.
            link.Ask(AppServerMethods.Delete, ServerJson.ThreadOnly(thread.Id), deleted =>
                done(thread, IsGone(deleted.Fault) ? null : deleted.Fault)
            );
            return;
        }

        var (self, id, server) = (link.Self, thread.Id, link.Server);
        _noting[id] = thread;
        FileWork
            .Run(() => server.NoteUnloading(id))
            .PipeTo(self, success: () => new Noted(id, null), failure: e => new Noted(id, e.Message));
    }

    /// <summary>Goes on once it is noted.</summary>
    public void OnNoted(Noted noted)
    {
        if (!_noting.Remove(noted.Thread, out var thread))
        {
            return;
        }

        if (noted.Problem is { } problem)
        {
            done(thread, new AppServerFault(AppServerFaultKind.Other, $"It cannot be noted that the thread is unloaded: {problem}"));
            return;
        }

        thread.Phase = ThreadPhase.Unloading;
        if (thread.WasLeft)
        {
            Restore(thread.Id, restored => done(thread, IsGone(restored) ? null : restored));
            return;
        }

        link.Ask(AppServerMethods.Archive, ServerJson.ThreadOnly(thread.Id), archived =>
        {
            var isUnknown = archived.Fault is { Kind: AppServerFaultKind.NoAnswer or AppServerFaultKind.ServerDown };
            if (archived.Fault is null || isUnknown)
            {
                // Whatever follows, the server may not have it any more.
                thread.Fingerprint = null;
            }

            if (archived.Fault is { Kind: AppServerFaultKind.ServerDown } down)
            {
                // The note stays, and the next connection restores the thread.
                done(thread, down);
            }
            else
            {
                Restore(thread.Id, restored => done(thread, Outcome(archived.Fault, restored)), mayCome: isUnknown);
            }
        });
    }

    /// <summary>Takes a thread out of the archive, if it is there, and removes the note.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="then">Gets why it was not taken out; null if it was.</param>
    /// <param name="mayCome">Whether it may still be put there: then the note stays unless it was taken out.</param>
    public void Restore(ThreadId thread, Action<AppServerFault?> then, bool mayCome = false)
    {
        link.Ask(AppServerMethods.Unarchive, ServerJson.ThreadOnly(thread), restored =>
        {
            if (restored.Fault is { Kind: AppServerFaultKind.NotFound } fault && !mayCome)
            {
                LookForRollout(thread, fault, then);
            }
            else
            {
                Restored(thread, restored.Fault, then, mayCome);
            }
        });
    }

    /// <summary>The rollout was moved to where codex's index has it, unless it was there.</summary>
    public void OnPlaced(Placed placed)
    {
        if (!_misplaced.Remove(placed.Number, out var it))
        {
            return;
        }

        if (placed.Problem is { } problem)
        {
            link.Self.Tell(new ServerLink.NotWritten($"the rollout of the thread {it.Thread} cannot be put in its place: {problem}"));
        }

        if (placed.IsInArchive)
        {
            link.Ask(AppServerMethods.Unarchive, ServerJson.ThreadOnly(it.Thread), again => Restored(it.Thread, again.Fault, it.Then));
        }
        else
        {
            Restored(it.Thread, it.Fault, it.Then);
        }
    }

    // The server before may have died in the middle of it.
    private void LookForRollout(ThreadId thread, AppServerFault fault, Action<AppServerFault?> then) =>
        link.Ask(AppServerMethods.Read, ServerJson.ThreadOnly(thread), read =>
        {
            if (ServerJson.PathOf(read.Result) is not { } indexed)
            {
                Restored(thread, fault, then);
                return;
            }

            var number = ++_numbered;
            _misplaced[number] = (thread, fault, then);
            FileWork
                .Run(() => MisplacedRollout.PutBack(thread, indexed) && MisplacedRollout.IsInArchive(indexed))
                .PipeTo(
                    link.Self,
                    success: isInArchive => new Placed(number, isInArchive, null),
                    failure: e => new Placed(number, IsInArchive: false, e.Message)
                );
        });

    private void Restored(ThreadId thread, AppServerFault? fault, Action<AppServerFault?> then, bool mayCome = false)
    {
        // A thread that has a writer is in use, so it is in no archive.
        if (fault is null || (!mayCome && fault.Kind is AppServerFaultKind.NotFound or AppServerFaultKind.Busy))
        {
            var server = link.Server;
            link.Write(() => server.NoteUnloaded(thread));
        }

        then(fault);
    }

    /// <summary>Forgets what was begun, because the server is gone.</summary>
    public void Clear()
    {
        _noting.Clear();
        _misplaced.Clear();
    }

    private static AppServerFault? Outcome(AppServerFault? archived, AppServerFault? restored) =>
        restored is null ? null
        : IsGone(archived) && archived is not null ? null
        : archived ?? restored;

    // Another process has it, or nobody: then it is not loaded here.
    private static bool IsGone(AppServerFault? fault) =>
        fault is null or { Kind: AppServerFaultKind.Busy or AppServerFaultKind.NotFound or AppServerFaultKind.NoSuchThread };

    /// <summary>It is noted, or could not be, that a thread is being unloaded.</summary>
    public sealed record Noted(ThreadId Thread, string? Problem) : IDeadLetterSuppression;

    /// <summary>It was looked whether a rollout is where codex's index has it.</summary>
    /// <param name="Number">Which look it was.</param>
    /// <param name="IsInArchive">Whether it was moved into the archive, so that codex can take it out.</param>
    /// <param name="Problem">Why it could not be looked for or moved; null if it could.</param>
    public sealed record Placed(int Number, bool IsInArchive, string? Problem) : IDeadLetterSuppression;
}
