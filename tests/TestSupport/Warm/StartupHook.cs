using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

/// <summary>
/// Turns plexum-codex into a <see cref="Plexum.Codex.TestSupport.Warm.WarmProgram"/>: .NET calls this before the program's own beginning
/// where DOTNET_STARTUP_HOOKS names this assembly (dotnet/runtime, docs/design/features/host-startup-hook.md, which also fixes the name
/// and the missing namespace). Nothing here may use more than .NET itself, so that the program is alone in its process.
/// </summary>
#pragma warning disable IDE0130 // .NET looks for it in no namespace.
internal static partial class StartupHook
#pragma warning restore IDE0130
{
    private const int DuplicateCloseOnExec = 1030;
    private const int FirstAfterStreams = 3;

    /// <summary>Runs the commands that come on standard input, one after the other, until that ends.</summary>
    [SupportedOSPlatform("linux")]
    public static void Initialize()
    {
        var program = Assembly.Load("plexum-codex").EntryPoint!;

        // The standard streams are for the commands.
        using var input = new BinaryReader(Keep(0, FileAccess.Read), Encoding.UTF8);
        using var output = new BinaryWriter(Keep(1, FileAccess.Write), Encoding.UTF8);
        while (TryRead(input) is var (directory, streams, environment, arguments))
        {
            Redirect(streams);
            Enter(directory, environment);

            // What it does not catch ends this process, as it would end its own.
            var code = (int)program.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!;
            Console.Out.Flush();
            Console.Error.Flush();
            output.Write(code);
            output.Flush();
        }

        Environment.Exit(0);
    }

    private static (string Directory, string[] Streams, string[] Environment, string[] Arguments)? TryRead(BinaryReader input)
    {
        try
        {
            return (input.ReadString(), Texts(input), Texts(input), Texts(input));
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    private static string[] Texts(BinaryReader input)
    {
        var texts = new string[input.ReadInt32()];
        for (var text = 0; text < texts.Length; text++)
        {
            texts[text] = input.ReadString();
        }

        return texts;
    }

    private static void Redirect(string[] streams)
    {
        for (var descriptor = 0; descriptor < streams.Length; descriptor++)
        {
            using var file = File.OpenHandle(streams[descriptor], FileMode.Open, descriptor == 0 ? FileAccess.Read : FileAccess.Write);
            if (Dup2(file, descriptor) < 0)
            {
                throw new IOException($"Standard stream {descriptor} cannot be {streams[descriptor]}.");
            }
        }

        // What the last command has used leads to that one's files.
        Console.SetIn(new StreamReader(Console.OpenStandardInput()));
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        Console.SetError(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });
    }

    private static void Enter(string directory, string[] environment)
    {
        Environment.CurrentDirectory = directory;
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        foreach (var variable in environment)
        {
            var end = variable.IndexOf('=', StringComparison.Ordinal);
            Environment.SetEnvironmentVariable(variable[..end], variable[(end + 1)..]);
        }

        TimeZoneInfo.ClearCachedData();
    }

    private static FileStream Keep(int descriptor, FileAccess access)
    {
        using var standard = new SafeFileHandle(descriptor, ownsHandle: false);
        return new FileStream(new SafeFileHandle(Fcntl(standard, DuplicateCloseOnExec, FirstAfterStreams), ownsHandle: true), access);
    }

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Dup2(SafeFileHandle from, int to);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(SafeFileHandle file, int command, int argument);
}
