using System.Collections.Frozen;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Configuration.Overrides;

/// <summary>Reads what the settings say of single agents: <c>agents.overrides { alice { backend = app-server } }</c>.</summary>
/// <param name="problem">Is told what cannot be: the path of the value, and why, as the rest of a sentence.</param>
internal sealed class AgentOverridesReader(Action<string, string> problem)
{
    /// <summary>The path of the section, in which the user chooses the keys.</summary>
    public const string Path = "plexum.agents.overrides";

    private const string Backend = "backend";
    private const string Approvals = "approvals";

    /// <summary>Reads the section.</summary>
    public FrozenDictionary<AgentId, AgentOverride> Read(HoconObject section)
    {
        var overrides = new Dictionary<AgentId, AgentOverride>();
        foreach (var (name, value) in section.Items)
        {
            var path = HoconPath.Join(Path, name);
            if (!AgentId.TryParse(name, out var agent))
            {
                problem(path, "names no agent: use 1 to 64 letters, digits, dots, underscores or dashes, without \"..\"");
            }
            else if (value.Object is not { } given)
            {
                problem(path, $"must be a section, for example {name} {{ {Backend} = app-server }}");
            }
            else
            {
                overrides[agent] = Of(path, given);
            }
        }

        return overrides.ToFrozenDictionary();
    }

    private AgentOverride Of(string path, HoconObject given)
    {
        foreach (var key in given.Items.Keys.Where(key => key is not (Backend or Approvals)))
        {
            problem(HoconPath.Join(path, key), $"is unknown: an agent can have {Backend} and {Approvals} of its own");
        }

        return new AgentOverride
        {
            Backend = OneOf(path, given, Backend, BackendKinds.All),
            Approvals = OneOf(path, given, Approvals, ApprovalPolicies.All),
        };
    }

    private T? OneOf<T>(string path, HoconObject given, string key, IReadOnlyList<(string Name, T Value)> all)
        where T : struct
    {
        if (!given.Items.TryGetValue(key, out var value))
        {
            return null;
        }

        var found = all.Where(pair => string.Equals(pair.Name, value.Text, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (found.Length > 0)
        {
            return found[0].Value;
        }

        var it = value.Text is { } text ? $"\"{text}\"" : "no text";
        problem(HoconPath.Join(path, key), $"must be one of {string.Join(", ", all.Select(pair => pair.Name))}; it is {it}");
        return null;
    }
}
