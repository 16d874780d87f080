using System.Text.Json;
using System.Threading.Channels;
using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>The calls of a turn's tools, for a host that submits over HTTP: it reads them as events and posts its answers.</summary>
internal sealed class ToolEndpoints(DaemonContext daemon)
{
    public async Task CallsAsync(HttpContext context)
    {
        var id = ApiRequest.Turn(context);
        var calls = Channel.CreateUnbounded<OfferedCall>(new UnboundedChannelOptions { SingleReader = true });
        using var watch = daemon.Notifier.Watch(id);
        daemon.Actors.ToolCalls.Tell(new ToolCallsProtocol.Read(id, calls.Writer), ActorRefs.NoSender);
        daemon.ReaderCame();
        try
        {
            if ((await FindAsync(id).ConfigureAwait(false)).State == TurnState.Ended)
            {
                // There is nothing more to come, which is what tells a client that comes back by itself to stop.
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, daemon.Stopping);
            await FollowAsync(new EventStreamWriter(context.Response), calls.Reader, watch, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (daemon.Stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The response ends behind a whole event; the client comes back.
        }
        finally
        {
            daemon.ReaderWent();
            daemon.Actors.ToolCalls.Tell(new ToolCallsProtocol.StopReading(id, calls.Writer), ActorRefs.NoSender);
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var id = ApiRequest.Turn(context);
        var call = context.Request.RouteValues["call"] as string ?? "";
        using var document = await ApiRequest.SmallObjectAsync(context).ConfigureAwait(false)
            ?? throw new ProblemException(Problem.BadBody(["The document is empty; send a JSON object with \"content\"."]));
        var body = ToolAnswerBody.Read(document.RootElement);
        await FindAsync(id).ConfigureAwait(false);
        var answer = new ToolCallsProtocol.Answer(id, call, body.Content, body.IsError);
        var handled = await daemon.Actors.ToolCalls.Ask<ToolCallsProtocol.AnswerHandled>(
            answer, DaemonContext.AnswerLimit, context.RequestAborted).ConfigureAwait(false);
        if (!handled.WasAwaited)
        {
            throw new ProblemException(Problem.UnknownToolCall(id, call));
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task FollowAsync(EventStreamWriter output, ChannelReader<OfferedCall> calls, ITurnWatch watch, CancellationToken cancellationToken)
    {
        using var heartbeat = new Heartbeat(daemon.Time, TurnEventStream.Beat);
        await output.BeginAsync(cancellationToken).ConfigureAwait(false);
        while (!watch.Ended.IsCompleted)
        {
            while (calls.TryRead(out var offered))
            {
                output.Write(offered.Number, "tool_call"u8, ToJson(offered));
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            var next = Task.WhenAny(calls.WaitToReadAsync(cancellationToken).AsTask(), watch.Ended);
            if (await heartbeat.BeatsBeforeAsync(next).ConfigureAwait(false))
            {
                await output.BeatAsync(cancellationToken).ConfigureAwait(false);
                if ((await FindAsync(watch.TurnId).ConfigureAwait(false)).State == TurnState.Ended)
                {
                    return;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
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

    private async Task<TurnEntry> FindAsync(TurnId turn) =>
        await daemon.Ledger.FindTurnAsync(turn).ConfigureAwait(false) ?? throw new ProblemException(Problem.UnknownTurn(turn));
}
