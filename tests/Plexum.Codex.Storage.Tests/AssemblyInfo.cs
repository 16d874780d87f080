using System.Runtime.Versioning;

// The program runs on Linux, and the tests look at modes, links and processes.
[assembly: SupportedOSPlatform("linux")]
