using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Requests;

namespace Plexum.Codex.Host.Commands.Setup;

/// <summary>The replies of the loopback model in the demo. It knows only what codex sends it.</summary>
internal static class DemoScript
{
    public const string Remember = "My favourite number is 42. Remember it.";
    public const string Recall = "Which number did I tell you?";
    public const string Work = "Work out 6 * 7 in the shell and put it into answer.txt.";

    public static ModelAnswer Answer(ModelRequest request) =>
        request.LastUserText switch
        {
            Remember => new ModelAnswer().Reason("A number to remember.").Reply("I will remember it."),
            Recall => new ModelAnswer().Reply(request.UserTexts.Contains(Remember) ? "You told me 42." : "You told me none."),
            Work when request.Round == 0 => new ModelAnswer().RunCommand("echo $((6 * 7)) > answer.txt && cat answer.txt"),
            Work => new ModelAnswer().Reply("It is in answer.txt."),
            var other => new ModelAnswer().ReplyInDeltas($"You said: {other}"),
        };
}
