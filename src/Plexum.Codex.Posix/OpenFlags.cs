using System.Runtime.InteropServices;

namespace Plexum.Codex.Posix;

/// <summary>Linux's flags for <c>open</c>. Two of them differ between processors.</summary>
public static class OpenFlags
{
    /// <summary><c>O_RDONLY</c>.</summary>
    public const int ReadOnly = 0;

    /// <summary><c>O_WRONLY</c>.</summary>
    public const int WriteOnly = 1;

    /// <summary><c>O_RDWR</c>.</summary>
    public const int ReadWrite = 2;

    /// <summary><c>O_CREAT</c>.</summary>
    public const int Create = 0x40;

    /// <summary><c>O_EXCL</c>.</summary>
    public const int Exclusive = 0x80;

    /// <summary><c>O_APPEND</c>.</summary>
    public const int Append = 0x400;

    /// <summary><c>O_NONBLOCK</c>.</summary>
    public const int NonBlocking = 0x800;

    /// <summary><c>O_CLOEXEC</c>.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary><c>O_PATH</c>: a place in the file system, which can be entered but not read.</summary>
    public const int PathOnly = 0x200000;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary><c>O_DIRECTORY</c>.</summary>
    public static int Directory { get; } = IsArm ? 0x4000 : 0x10000;

    /// <summary><c>O_NOFOLLOW</c>.</summary>
    public static int NoFollow { get; } = IsArm ? 0x8000 : 0x20000;
}
