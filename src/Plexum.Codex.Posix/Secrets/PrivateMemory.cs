using System.Runtime.InteropServices;

namespace Plexum.Codex.Posix.Secrets;

/// <summary>Keeps the other processes of this user from reading this process.</summary>
public static partial class PrivateMemory
{
    // PR_GET_DUMPABLE and PR_SET_DUMPABLE of linux/prctl.h.
    private const int GetDumpable = 3;
    private const int SetDumpable = 4;

    /// <summary>
    /// From now on only root reads this process's environment, memory and descriptors below <c>/proc</c>, or attaches to it, and it leaves
    /// no core dump (<c>PR_SET_DUMPABLE</c> of prctl(2), proc(5)). Programs that it starts are as readable as any: exec resets this.
    /// </summary>
    /// <exception cref="IOException">The kernel does not allow it.</exception>
    public static void Begin()
    {
        var refusal = Prctl(SetDumpable, 0, 0, 0, 0) == 0 ? null : Libc.LastErrorText();
        if (refusal is not null || Prctl(GetDumpable, 0, 0, 0, 0) != 0)
        {
            throw new IOException($"Every process of this user can read the memory of this one: {refusal ?? "the kernel keeps it so"}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint first, nuint second, nuint third, nuint fourth);
}
