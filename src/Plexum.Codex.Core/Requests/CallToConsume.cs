namespace Plexum.Codex.Requests;

/// <summary>What to do with one tool call of a thread.</summary>
/// <param name="BlockId">The call's id: codex's <c>call_id</c>.</param>
/// <param name="Op"><see cref="Light"/> or <see cref="Heavy"/>; any other operation changes nothing and results in a warning.</param>
public sealed record CallToConsume(string BlockId, string Op)
{
    /// <summary>The call's output becomes <c>...(consumed)</c>.</summary>
    public const string Light = "consume-light";

    /// <summary>The call's output becomes <c>...(tool called)</c> and its arguments <c>{}</c>.</summary>
    public const string Heavy = "consume-heavy";
}
