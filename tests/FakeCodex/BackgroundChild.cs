using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FakeCodex;

/// <summary>A process that outlives the one that started it, as commands under <c>setsid</c> or <c>nohup</c> do.</summary>
internal static partial class BackgroundChild
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>Starts one and waits until it runs in its own session.</summary>
    /// <param name="sign">The file that it writes its pid to.</param>
    /// <param name="variables">What it has in its environment besides; nothing for a process that codex starts for itself.</param>
    public static void Start(string sign, IEnumerable<KeyValuePair<string, string>> variables)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--fake-child", Path.GetFullPath(sign)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var child = Process.Start(start);
        Pause.Until(() => File.Exists(sign), Lifetime);
    }

    /// <summary>Is that process.</summary>
    public static int Run(string sign)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetSid();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        var written = $"{sign}.new";
        File.WriteAllText(written, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        File.Move(written, sign, overwrite: true);
        Pause.Until(() => !File.Exists(sign), Lifetime);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();
}
