namespace Akka.Actor;
internal sealed class CoordinatedShutdown {
 internal class Reason {}
 internal class ActorSystemTerminateReason : Reason { internal static readonly Reason Instance = new ActorSystemTerminateReason(); }
 private readonly Internal.ActorSystemImpl _s; private CoordinatedShutdown(Internal.ActorSystemImpl s){_s=s;}
 internal static CoordinatedShutdown Get(ActorSystem s)=>new((Internal.ActorSystemImpl)s); internal Task Run(Reason r)=>_s.FinalTerminate(); }
