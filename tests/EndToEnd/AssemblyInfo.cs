using System.Runtime.Versioning;

// codex is driven on Linux, and the tests look at links, signals and /proc.
[assembly: SupportedOSPlatform("linux")]
