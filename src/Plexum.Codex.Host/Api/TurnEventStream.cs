using Microsoft.AspNetCore.Http;
using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>
/// Sends a turn's events to one client as server-sent events, until it has all of them. A stopping daemon ends the response early, after a
/// whole event and without a <c>message_end</c>; the client then resumes.
/// </summary>
internal sealed class TurnEventStream(DaemonContext daemon, TurnId turn, long afterSeq)
{
    /// <summary>How long nothing may be sent before a comment line shows that the connection is alive.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>Answers with the events after <c>afterSeq</c>; with 204 if there are none and will be none.</summary>
    /// <exception cref="ProblemException">The turn is unknown, or its events were deleted.</exception>
    public async Task WriteAsync(HttpContext context)
    {
        var keepsTypes = ApiRequest.WantsTypesAsNames(context);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, daemon.Stopping);
        await using var follower = await daemon.Gateway.FollowAsync(turn, afterSeq, Beat, end.Token).ConfigureAwait(false) switch
        {
            FollowAnswer.Followed followed => followed.Follower,
            FollowAnswer.Removed => throw new ProblemException(Problem.EventsRemoved(turn)),
            _ => throw new ProblemException(Problem.UnknownTurn(turn)),
        };
        if (await follower.HasEverythingAsync().ConfigureAwait(false))
        {
            // A client that reconnects by itself stops at this status.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        daemon.ReaderOpened();
        try
        {
            var output = new EventStreamWriter(context.Response) { KeepsTypeAsName = keepsTypes };
            await CopyAsync(follower, output, ApiCaller.Of(context), end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (daemon.Stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The client comes back with the last number it has.
        }
        finally
        {
            daemon.ReaderClosed();
        }
    }

    private static async Task CopyAsync(TurnFollower follower, EventStreamWriter output, Caller caller, CancellationToken cancellationToken)
    {
        await output.BeginAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var signal = await follower.NextAsync().ConfigureAwait(false);
            if (!caller.IsStillValid)
            {
                // The client comes back, and is told why it gets no more.
                return;
            }

            switch (signal)
            {
                case FollowSignal.Events:
                    while (follower.TryNext())
                    {
                        await output.WriteAsync(follower.Log, cancellationToken).ConfigureAwait(false);
                    }

                    await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case FollowSignal.Beat:
                    await output.BeatAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case FollowSignal.Ending:
                    foreach (var made in follower.Ending)
                    {
                        output.Write(made.Event is CanonicalEvent.Error ? "error"u8 : "message_end"u8, made);
                    }

                    await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case FollowSignal.Over:
                    return;
            }
        }
    }
}
