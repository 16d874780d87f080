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
    /// <param name="thread">The thread, as codex names it to commands; null for a process that codex starts for itself.</param>
    public static void Start(string sign, string? thread)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--fake-child", Path.GetFullPath(sign)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (thread is not null)
        {
            start.Environment["CODEX_THREAD_ID"] = thread;
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
