namespace FakeCodex;

/// <summary>Ends the program with a code, from any depth.</summary>
internal sealed class ScriptExit(int code) : Exception
{
    public int Code { get; } = code;

    /// <summary>Tells something on standard error and gives the exception to throw.</summary>
    public static ScriptExit After(int code, params string[] lines)
    {
        foreach (var line in lines)
        {
            Output.Error.Line(line);
        }

        return new ScriptExit(code);
    }
}
