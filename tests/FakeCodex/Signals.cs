using System.Runtime.InteropServices;

namespace FakeCodex;

/// <summary>
/// What SIGINT and SIGTERM do. Without a word from the script: exit 1, and plain death. It holds to the very end: a signal
/// that came in time may be handed over late, and must not find its handler gone.
/// </summary>
internal sealed partial class Signals
{
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private readonly Dictionary<PosixSignal, List<Step>> _steps = [];
    private readonly HashSet<PosixSignal> _ignored = [];
    private readonly Lock _guard = new();
    private readonly Action<Step> _play;

    public Signals(Action<Step> play)
    {
        _play = play;
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle));
    }

    public void Ignore(Step step)
    {
        var signal = SignalOf(step, step.Text);
        lock (_guard)
        {
            _ignored.Add(signal);
        }

        Watch(signal);
    }

    public void On(Step step)
    {
        var signal = SignalOf(step, step.Inner().Word);
        lock (_guard)
        {
            _steps.TryAdd(signal, []);
            _steps[signal].Add(step.Inner().Inner());
        }

        Watch(signal);
    }

    /// <summary>Kills this process the hard way: no handler of ours sees it.</summary>
    public static void Die(Step step)
    {
        var number = step.Text switch
        {
            "INT" => 2,
            "KILL" => 9,
            "TERM" => 15,
            _ => throw step.Mistake($"'{step.Text}' is none of INT, TERM and KILL"),
        };
        _ = SetHandler(number, 0);
        _ = Kill(Environment.ProcessId, number);
        Pause.Until(() => false, TimeSpan.FromSeconds(10));
    }

    private static PosixSignal SignalOf(Step step, string name) =>
        name switch
        {
            "INT" => PosixSignal.SIGINT,
            "TERM" => PosixSignal.SIGTERM,
            _ => throw step.Mistake($"'{name}' is neither INT nor TERM"),
        };

    private void Watch(PosixSignal signal)
    {
        if (signal == PosixSignal.SIGTERM && Registrations.Count == 1)
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        }
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        List<Step> todo;
        bool stays;
        lock (_guard)
        {
            todo = _steps.GetValueOrDefault(context.Signal) ?? [];
            stays = _ignored.Contains(context.Signal);
        }

        try
        {
            todo.ForEach(_play);
            if (stays)
            {
                return;
            }

            Environment.Exit(1);
        }
        catch (ScriptExit exit)
        {
            Environment.Exit(exit.Code);
        }
        catch (IOException)
        {
            Environment.Exit(101);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
