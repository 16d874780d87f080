using System.Globalization;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.LoopbackModel.Scripts;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.Bench.Warm.Stage;

/// <summary>The model's process, <c>bench warm-model</c>: it prints its URL and ends with its standard input.</summary>
internal static class PacedModel
{
    /// <summary>The command.</summary>
    public const string Command = "warm-model";

    /// <summary>A prompt for an answer in pieces of four characters, as a real model writes: <c>!pace PIECES MILLISECONDS</c>.</summary>
    public const string Pace = "!pace";

    /// <summary>
    /// A prompt for a command that codex leaves running while the model goes on and never comes to an end: <c>!leave COMMAND</c>.
    /// </summary>
    public const string Leave = "!leave ";

    /// <summary>How long codex waits for that command.</summary>
    public static readonly TimeSpan LeftAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>What an answer begins with, no longer than a piece, so that nothing else that codex says is taken for it.</summary>
    public const string Mark = "Zebr";

    /// <summary>An ordinary prompt.</summary>
    public const string Prompt = $"!stream {Mark}a, and a few words more, in a few pieces.";

    public static async Task<int> RunAsync()
    {
        await using var model = await LoopbackModelServer.StartAsync(Answer, remembered: 1);
        Console.WriteLine(model.BaseUrl);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static ModelAnswer Answer(ModelRequest request)
    {
        if (request.LastUserText.StartsWith(Leave, StringComparison.Ordinal))
        {
            return request.Round == 0
                ? new ModelAnswer().RunCommand(request.LastUserText[Leave.Length..], LeftAfter)
                : new ModelAnswer().Stall();
        }

        if (request.LastUserText.Split(' ') is not [Pace, var pieces, var pause])
        {
            return Directives.Script(request);
        }

        var count = int.Parse(pieces, CultureInfo.InvariantCulture);
        var words = string.Concat(Enumerable.Range(1, count - 1).Select(number => $"{number % 1000:000} "));
        return new ModelAnswer().ReplyInDeltas(
            $"{Mark}{words}",
            4,
            TimeSpan.FromMilliseconds(double.Parse(pause, CultureInfo.InvariantCulture))
        );
    }
}
