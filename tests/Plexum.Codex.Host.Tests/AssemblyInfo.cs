using System.Runtime.Versioning;

// codex is driven on Linux, and the tests send signals and look at modes.
[assembly: SupportedOSPlatform("linux")]
