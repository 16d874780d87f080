using Akka.Event;
using Plexum.Codex.Processes.Launching;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// Keeps a turn's output within limits while codex runs. stderr is for people, so its middle is cut out. stdout cannot be cut without
/// losing events, so a codex that prints too much is stopped.
/// </summary>
internal sealed class OutputCaps(ExecSettings settings, ExecTurn turn, ILoggingAdapter log)
{
    private bool _stderrCutTold;
    private bool _stdoutTold;

    /// <summary>Checks both files. File work.</summary>
    /// <returns>Whether codex is to be stopped, which is said once.</returns>
    public bool Check()
    {
        CutStderr();
        if (_stdoutTold || StderrFile.Length(turn.Directory.StdoutFile) <= settings.MaxOutputBytes)
        {
            return false;
        }

        _stdoutTold = true;
        log.Warning(
            "codex: the output of turn {TurnId} exceeded {MaxBytes} bytes, so codex is stopped",
            turn.TurnId,
            settings.MaxOutputBytes
        );
        return true;
    }

    /// <summary>Cuts stderr if it is too long. File work.</summary>
    public void CutStderr()
    {
        try
        {
            if (StderrFile.EnforceCap(turn.Directory.StderrFile, settings.MaxStderrBytes) && !_stderrCutTold)
            {
                _stderrCutTold = true;
                log.Warning(
                    "codex: stderr of turn {TurnId} exceeded {MaxBytes} bytes and was truncated",
                    turn.TurnId,
                    settings.MaxStderrBytes
                );
            }
        }
        catch (IOException e)
        {
            log.Warning("codex: stderr of turn {TurnId} cannot be truncated: {Error}", turn.TurnId, e.Message);
        }
    }
}
