using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <content>The end of the system, and of the process with it.</content>
public sealed partial class CoordinatedShutdown
{
    private volatile bool _processExits;

    private void EndWithSystem(ActorSystemImpl system, bool exitProcess)
    {
        var terminate = system.Settings.CoordinatedShutdownTerminateActorSystem;
        if (!terminate && !exitProcess)
        {
            return;
        }

        AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
        {
            if (terminate)
            {
                var ended = system.FinalTerminate();
                if (exitProcess)
                {
                    // The process ends even when the system does not.
                    await Task.WhenAny(ended, Task.Delay(Timeout(PhaseActorSystemTerminate))).ConfigureAwait(false);
                }
                else
                {
                    await ended.ConfigureAwait(false);
                }
            }

            if (exitProcess && !_processExits)
            {
                Environment.Exit(0);
            }

            return Done.Instance;
        });
    }

    private void RunAtProcessExit(ActorSystemImpl system)
    {
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        system.WhenTerminated.ContinueWith(
            _ => AppDomain.CurrentDomain.ProcessExit -= OnExit,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        // It has to block: the process is gone when this returns.
        void OnExit(object? sender, EventArgs e)
        {
            _processExits = true;
            if (system.WhenTerminated.IsCompleted)
            {
                return;
            }

            _log.Info("Starting coordinated shutdown from CLR termination hook.");
            try
            {
                if (!Run(ClrExitReason.Instance).Wait(TotalTimeout))
                {
                    _log.Warning("CoordinatedShutdown from CLR shutdown did not end within {0}", TotalTimeout);
                }
            }
            catch (AggregateException failure)
            {
                _log.Warning(failure, "CoordinatedShutdown from CLR shutdown failed: {0}", failure.InnerException!.Message);
            }
        }
    }
}
