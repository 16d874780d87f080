namespace Akka.Hosting;

/// <summary>How a configuration is joined with what was added before.</summary>
public enum HoconAddMode
{
    /// <summary>Below it: only its new keys count.</summary>
    Append,

    /// <summary>On top of it: all its keys count.</summary>
    Prepend,

    /// <summary>The same as <see cref="Prepend"/>.</summary>
    Replace,
}
