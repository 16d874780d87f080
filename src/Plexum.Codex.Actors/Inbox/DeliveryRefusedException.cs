namespace Plexum.Codex.Inbox;

/// <summary>The platform will not take this one reply, however often it is sent; others may go through.</summary>
public sealed class DeliveryRefusedException(string message) : PlatformException(message);
