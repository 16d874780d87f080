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

    /// <summary>What an answer begins with, so that nothing else that codex says is taken for it.</summary>
    public const string Mark = "Zebra";

    public static async Task<int> RunAsync()
    {
        await using var model = await LoopbackModelServer.StartAsync(Answer, remembered: 1);
        Console.WriteLine(model.BaseUrl);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static ModelAnswer Answer(ModelRequest request)
    {
        if (request.LastUserText.Split(' ') is not [Pace, var pieces, var pause])
        {
            return Directives.Script(request);
        }

        var count = int.Parse(pieces, CultureInfo.InvariantCulture);
        var words = string.Concat(Enumerable.Range(0, count - 2).Select(number => $"{number % 1000:000} "));
        return new ModelAnswer().ReplyInDeltas(
            $"{Mark}   {words}",
            4,
            TimeSpan.FromMilliseconds(double.Parse(pause, CultureInfo.InvariantCulture))
        );
    }
}
