using System.Runtime.Versioning;

// codex is driven on Linux, and the tests look at modes, links and /proc.
[assembly: SupportedOSPlatform("linux")]
