namespace Akka.Event;

/// <summary>
/// The methods to log with. Templates are positional (<c>"took {0} ms"</c>); when the level is off, nothing is allocated
/// and no argument is boxed.
/// </summary>
public static partial class LoggingExtensions
{
    /// <summary>Logs a debug line as it stands.</summary>
    public static void Debug(this ILoggingAdapter log, string format)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, null, format);
        }
    }

    /// <summary>Logs a debug line as it stands, with its cause.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, cause, format);
        }
    }

    /// <summary>Logs a debug line.</summary>
    public static void Debug(this ILoggingAdapter log, string format, object[] args)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, null, Message(log, format, args));
        }
    }

    /// <summary>Logs a debug line with its cause.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format, object[] args)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, cause, Message(log, format, args));
        }
    }

    /// <summary>Logs a debug line.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, null, Message(log, format, [arg1!]));
        }
    }

    /// <summary>Logs a debug line with its cause.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, cause, Message(log, format, [arg1!]));
        }
    }

    /// <summary>Logs a debug line.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, null, Message(log, format, [arg1!, arg2!]));
        }
    }

    /// <summary>Logs a debug line with its cause.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, cause, Message(log, format, [arg1!, arg2!]));
        }
    }

    /// <summary>Logs a debug line.</summary>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, null, Message(log, format, [arg1!, arg2!, arg3!]));
        }
    }

    /// <summary>Logs a debug line with its cause.</summary>
    public static void Debug<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, cause, Message(log, format, [arg1!, arg2!, arg3!]));
        }
    }

    /// <summary>Logs a debug line.</summary>
    public static void Debug<T1, T2, T3, T4>(
        this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, null, Message(log, format, [arg1!, arg2!, arg3!, arg4!]));
        }
    }

    /// <summary>Logs a debug line with its cause.</summary>
    public static void Debug<T1, T2, T3, T4>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, cause, Message(log, format, [arg1!, arg2!, arg3!, arg4!]));
        }
    }

    /// <summary>Logs a debug line.</summary>
    public static void Debug<T1, T2, T3, T4, T5>(
        this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, null, Message(log, format, [arg1!, arg2!, arg3!, arg4!, arg5!]));
        }
    }

    /// <summary>Logs a debug line with its cause.</summary>
    public static void Debug<T1, T2, T3, T4, T5>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, cause, Message(log, format, [arg1!, arg2!, arg3!, arg4!, arg5!]));
        }
    }

    /// <summary>Logs a debug line.</summary>
    public static void Debug<T1, T2, T3, T4, T5, T6>(
        this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, null, Message(log, format, [arg1!, arg2!, arg3!, arg4!, arg5!, arg6!]));
        }
    }

    /// <summary>Logs a debug line with its cause.</summary>
    public static void Debug<T1, T2, T3, T4, T5, T6>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6)
    {
        if (log.IsDebugEnabled)
        {
            log.Log(LogLevel.DebugLevel, cause, Message(log, format, [arg1!, arg2!, arg3!, arg4!, arg5!, arg6!]));
        }
    }
}
