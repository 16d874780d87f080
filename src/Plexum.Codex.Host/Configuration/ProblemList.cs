using System.Collections.Immutable;

namespace Plexum.Codex.Host.Configuration;

/// <summary>Collects the problems of the configuration, so that all are reported at once.</summary>
internal sealed class ProblemList
{
    private readonly List<string> _problems = [];

    public void Add(string problem)
    {
        if (!_problems.Contains(problem, StringComparer.Ordinal))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>Reads a source; null if it had problems, which are added to the list.</summary>
    public T? Collect<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ConfigurationProblemsException e)
        {
            foreach (var problem in e.Problems)
            {
                Add(problem);
            }

            return null;
        }
    }

    /// <exception cref="ConfigurationProblemsException">There are problems.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new ConfigurationProblemsException([.. _problems]);
        }
    }
}
