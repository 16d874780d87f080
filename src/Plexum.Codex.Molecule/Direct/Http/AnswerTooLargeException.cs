using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct.Http;

/// <summary>An answer exceeds the size limit.</summary>
internal sealed class AnswerTooLargeException(string message) : PlatformException(message);
