using System.Runtime.InteropServices;
using SQLitePCL;

namespace Plexum.Codex.Ledger;

/// <summary>Chooses SQLite: the system's, which is kept up to date, or the one in the package where the system has none or an older one.</summary>
internal static class SqliteLibrary
{
    private const string SystemName = "libsqlite3.so.0";
    private const int PackagedVersion = 3_035_005;

    private static readonly Lazy<bool> Loaded = new(() =>
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? OfSystem() : nint.Zero);
        Batteries_V2.Init();
        return true;
    });

    /// <summary>Makes SQLite usable; once for the process.</summary>
    public static void Load() => _ = Loaded.Value;

    private static nint OfSystem()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(SystemName, out var library))
        {
            return nint.Zero;
        }

        if (NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var function)
            && Marshal.GetDelegateForFunctionPointer<VersionNumber>(function)() >= PackagedVersion)
        {
            return library;
        }

        NativeLibrary.Free(library);
        return nint.Zero;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();
}
