using System.Text.Json;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Ledger;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Host.Api;

/// <summary>The calls of a turn's tools, for a host that submits over HTTP: it reads them as events and posts the answers.</summary>
internal sealed class ToolEndpoints(DaemonContext daemon)
{
    /// <summary>A host that leaves more calls unread loses its connection; it gets them again when it comes back.</summary>
    private const int MaxUnread = 1024;

    public async Task CallsAsync(HttpContext context)
    {
        var id = ApiRequest.Turn(context);
        using var materializer = daemon.Actors.System.Materializer();
        var (reader, calls) = Source
            .ActorRef<OfferedCall>(MaxUnread, OverflowStrategy.Fail)
            .ToMaterialized(ChannelSink.AsReader<OfferedCall>(MaxUnread, singleReader: true), Keep.Both)
            .Run(materializer);
        daemon.Actors.ToolCalls.Tell(new ToolCallsProtocol.Read(id, reader), ActorRefs.NoSender);
        daemon.ReaderOpened();
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, daemon.Stopping);
            var answer = await daemon.Gateway.FollowAsync(id, 0, TurnEventStream.Beat, end.Token).ConfigureAwait(false);
            await using var follower = answer is FollowAnswer.Followed followed ? followed.Follower : null;
            if (answer is FollowAnswer.Unknown)
            {
                throw new ProblemException(Problem.UnknownTurn(id));
            }

            if (follower is null or { Turn.State: TurnState.Ended })
            {
                // A client that reconnects by itself stops at this status.
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            var output = new EventStreamWriter(context.Response);
            await CopyAsync(calls, follower.AwaitEndAsync(), output, ApiCaller.Of(context), end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (daemon.Stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The response ends after a whole event; the client comes back.
        }
        finally
        {
            daemon.ReaderClosed();
            daemon.Actors.ToolCalls.Tell(new ToolCallsProtocol.StopReading(id, reader), ActorRefs.NoSender);
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var id = ApiRequest.Turn(context);
        var call = context.Request.RouteValues["call"] as string ?? "";
        ToolAnswerBody body;
        try
        {
            body = await ReadAnswerAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (WhyUnusable(e) is { } problem)
        {
            // The model would go on waiting for an answer that was refused.
            var sentence = new ToolContent.Text($"The answer of the tool's host cannot be used: {problem}");
            await SettleAsync(new ToolCallsProtocol.Answer(id, call, [sentence], IsError: true)).ConfigureAwait(false);
            throw;
        }

        if (await daemon.Gateway.FindAsync(id).ConfigureAwait(false) is null)
        {
            throw new ProblemException(Problem.UnknownTurn(id));
        }

        var answer = new ToolCallsProtocol.Answer(id, call, body.Content, body.IsError);

        // A client that goes away has still answered.
        if (!(await SettleAsync(answer).ConfigureAwait(false)).WasAwaited)
        {
            throw new ProblemException(Problem.UnknownToolCall(id, call));
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<ToolAnswerBody> ReadAnswerAsync(HttpContext context)
    {
        using var document = await ApiRequest.SmallObjectAsync(context, daemon.Settings.Api).ConfigureAwait(false)
            ?? throw new ProblemException(Problem.BadBody(["The document is empty; send a JSON object with \"content\"."]));
        return ToolAnswerBody.Read(document.RootElement);
    }

    // A body that was cut off on its way may come again.
    private static string? WhyUnusable(Exception e) =>
        e switch
        {
            ProblemException { Problem: { Errors: [var first, _, ..] } problem } => $"{problem.Detail} The first is: {first}",
            ProblemException { Problem: var problem } => problem.Detail,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => "it is larger than api.max-body.",
            _ => null,
        };

    private Task<ToolCallsProtocol.AnswerHandled> SettleAsync(ToolCallsProtocol.Answer answer) =>
        daemon.Actors.ToolCalls.Ask<ToolCallsProtocol.AnswerHandled>(answer, DaemonContext.AnswerLimit);

    private async Task CopyAsync(
        ChannelReader<OfferedCall> calls,
        Task ended,
        EventStreamWriter output,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        using var heartbeat = new Heartbeat(daemon.Time, TurnEventStream.Beat);
        await output.BeginAsync(cancellationToken).ConfigureAwait(false);
        while (!ended.IsCompleted)
        {
            if (!caller.IsStillValid)
            {
                // The client comes back, and is told why it gets no more.
                return;
            }

            while (calls.TryRead(out var offered))
            {
                output.Write(offered.Number, "tool_call"u8, ToJson(offered));
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            var next = Task.WhenAny(calls.WaitToReadAsync(cancellationToken).AsTask(), ended);
            if (await heartbeat.BeatsBeforeAsync(next).ConfigureAwait(false))
            {
                await output.BeatAsync(cancellationToken).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        await ended.ConfigureAwait(false);
    }

    private static byte[] ToJson(OfferedCall offered)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("call_id", offered.Call.CallId);
            writer.WriteString("name", offered.Call.Name);
            writer.WritePropertyName("arguments");
            writer.WriteRawValue(offered.Call.Arguments);
            writer.WriteEndObject();
        }

        return json.ToArray();
    }
}
