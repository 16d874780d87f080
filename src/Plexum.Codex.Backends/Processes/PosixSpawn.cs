using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Processes;

/// <summary>
/// Starts a program through <c>posix_spawn</c>, in its own session and with its standard streams on files. The returned pid is
/// the program's own: no shell and no setsid(1) in between. Signals are reset, since the runtime ignores SIGPIPE and the new
/// program would inherit that.
/// </summary>
// Own code: CliWrap connects pipes where we need files, and stays in our session; no package offers posix_spawn.
internal static unsafe partial class PosixSpawn
{
    /// <summary>
    /// ETXTBSY: somebody has the program's file open for writing. An update that has just written it may hold it a little longer, and so
    /// may any process that was forked meanwhile, until it runs its own program.
    /// </summary>
    public const int FileBusy = 26;

    /// <summary>How long to wait before a program whose file is busy is started again.</summary>
    public static readonly TimeSpan BusyWait = TimeSpan.FromMilliseconds(20);

    private const int BusyAttempts = 100;

    private const short ResetSignals = 0x04;
    private const short ResetSignalMask = 0x08;
    private const short NewSession = 0x80;

    /// <summary>Larger than the C libraries' structures (glibc: 336, 80 and 128 bytes; musl's are smaller).</summary>
    private const int OpaqueBytes = 1024;

    /// <summary>Signals 1 to 31, except SIGKILL and SIGSTOP, which cannot be reset; bit 0 is signal 1.</summary>
    private const uint AllSignals = 0x7fff_ffff & ~(1u << 8) & ~(1u << 18);

    /// <summary>Starts the program; waits for up to two seconds while its file is busy.</summary>
    /// <returns>The pid, or -1; then <paramref name="error"/> is the error number.</returns>
    public static int Start(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        string directory,
        SafeFileHandle input,
        SafeFileHandle output,
        SafeFileHandle errors,
        out int error
    )
    {
        var actions = stackalloc byte[OpaqueBytes];
        var attributes = stackalloc byte[OpaqueBytes];
        var signals = stackalloc byte[OpaqueBytes];
        new Span<byte>(signals, OpaqueBytes).Clear();
        Check(FileActionsInit(actions));
        Check(AttributesInit(attributes));
        var argumentBlock = StringBlock([program, .. arguments]);
        var environmentBlock = StringBlock(environment);
        try
        {
            Check(AddChangeDirectory(actions, directory));
            Check(AddDuplicate(actions, (int)input.DangerousGetHandle(), 0));
            Check(AddDuplicate(actions, (int)output.DangerousGetHandle(), 1));
            Check(AddDuplicate(actions, (int)errors.DangerousGetHandle(), 2));
            CloseOthers(actions);
            Check(SetSignalMask(attributes, signals));
            *(uint*)signals = AllSignals;
            Check(SetSignalDefaults(attributes, signals));
            Check(SetFlags(attributes, ResetSignals | ResetSignalMask | NewSession));
            var pid = 0;
            error = FileBusy;
            for (var attempt = 0; error == FileBusy && attempt < BusyAttempts; attempt++)
            {
                if (attempt > 0)
                {
                    Task.Delay(BusyWait, TimeProvider.System).Wait();
                }

                error = Spawn(out pid, program, actions, attributes, argumentBlock, environmentBlock);
            }

            return error == 0 ? pid : -1;
        }
        finally
        {
            NativeMemory.Free(argumentBlock);
            NativeMemory.Free(environmentBlock);
            _ = AttributesDestroy(attributes);
            _ = FileActionsDestroy(actions);
        }
    }

    /// <summary>Keeps codex from inheriting files that this process inherited, for example a script's lock around the daemon.</summary>
    private static void CloseOthers(byte* actions)
    {
        try
        {
            Check(AddCloseFrom(actions, 3));
        }
        catch (EntryPointNotFoundException)
        {
            // Only glibc has it, since 2.34. Our own files are close-on-exec anyway.
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new CodexUnavailableException($"The start of codex could not be prepared: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    /// <summary>One block of memory: a null-terminated list of pointers, followed by the strings they point to.</summary>
    private static byte** StringBlock(IReadOnlyList<string> strings)
    {
        var head = (strings.Count + 1) * sizeof(byte*);
        var block = (byte*)NativeMemory.Alloc((nuint)(head + strings.Sum(s => Encoding.UTF8.GetByteCount(s) + 1)));
        var pointers = (byte**)block;
        var next = block + head;
        for (var i = 0; i < strings.Count; i++)
        {
            pointers[i] = next;
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, Encoding.UTF8.GetByteCount(strings[i])));
            *next++ = 0;
        }

        pointers[strings.Count] = null;
        return pointers;
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int pid, string program, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int FileActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int FileActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int AddCloseFrom(byte* actions, int from);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddChangeDirectory(byte* actions, string directory);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetSignalDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetSignalMask(byte* attributes, byte* signals);
}
