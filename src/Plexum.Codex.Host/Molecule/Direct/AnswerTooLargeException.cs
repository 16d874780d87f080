using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>An answer exceeds the size limit.</summary>
internal sealed class AnswerTooLargeException(string message) : PlatformException(message);
