using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>An answer is longer than what is read of one.</summary>
internal sealed class AnswerTooLargeException(string message) : PlatformException(message);
