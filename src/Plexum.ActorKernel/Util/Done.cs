namespace Akka;

/// <summary>Says that something was completed and there is no value to hand over.</summary>
public sealed class Done
{
    /// <summary>The only instance.</summary>
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
