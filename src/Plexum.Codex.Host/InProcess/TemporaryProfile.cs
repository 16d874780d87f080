using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.LoopbackModel.Server;
using Serilog.Events;

namespace Plexum.Codex.Host.InProcess;

/// <summary>A profile and a codex home for one run, in which codex uses a model on loopback.</summary>
internal sealed class TemporaryProfile : IDisposable
{
    private readonly DirectoryInfo _root;

    public TemporaryProfile(string name) => _root = Directory.CreateTempSubdirectory($"plexum-codex-{name}-");

    /// <summary>This user's settings, without the files of the user's own profile.</summary>
    public ProgramSettings Settings(LoopbackModelServer model, IReadOnlyList<string> assignments)
    {
        var home = Path.Combine(_root.FullName, "codex-home");
        model.Provider.WriteConfig(home);

        // codex runs commands in a login shell; the user's shell profile may take longer than codex waits.
        var shellHome = _root.CreateSubdirectory("home").FullName;
        var own = ProgramSettings.Load(new Profile(Path.Combine(_root.FullName, "profile")), assignments);
        return own with
        {
            Log = own.Log with { ConsoleLevel = LogEventLevel.Fatal },
            Rollouts = own.Rollouts with { CodexHome = home },
            Exec = own.Exec with
            {
                CodexHome = home,
                Environment = own.Exec.Environment with
                {
                    Added = ImmutableDictionary<string, string>.Empty.Add("CODEX_HOME", home).Add("HOME", shellHome),
                },
            },
        };
    }

    public void Dispose()
    {
        try
        {
            _root.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that outlived its turn may still write there; the system cleans up its temporary directory.
        }
    }
}
