namespace Akka.Event;

public static partial class LoggingExtensions
{
    /// <summary>Logs a text as it stands, whatever level is wanted.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format) =>
        log.Log(level, null, format);

    /// <summary>Logs a line, whatever level is wanted.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format, object[] args) =>
        log.Log(level, null, Message(log, format, args));

    /// <summary>Logs a line with its cause, whatever level is wanted.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, Exception? cause, string format, object[] args) =>
        log.Log(level, cause, Message(log, format, args));

    /// <summary>Logs a line with its cause, whatever level is wanted.</summary>
    public static void Log<T1>(this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format, T1 arg1) =>
        log.Log(logLevel, cause, Message(log, format, [arg1!]));

    /// <summary>Logs a line with its cause, whatever level is wanted.</summary>
    public static void Log<T1, T2>(
        this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format, T1 arg1, T2 arg2) =>
        log.Log(logLevel, cause, Message(log, format, [arg1!, arg2!]));

    /// <summary>Logs a line with its cause, whatever level is wanted.</summary>
    public static void Log<T1, T2, T3>(
        this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3) =>
        log.Log(logLevel, cause, Message(log, format, [arg1!, arg2!, arg3!]));

    /// <summary>Logs a line with its cause, whatever level is wanted.</summary>
    public static void Log<T1, T2, T3, T4>(
        this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4) =>
        log.Log(logLevel, cause, Message(log, format, [arg1!, arg2!, arg3!, arg4!]));

    /// <summary>Logs a line with its cause, whatever level is wanted.</summary>
    public static void Log<T1, T2, T3, T4, T5>(
        this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5) =>
        log.Log(logLevel, cause, Message(log, format, [arg1!, arg2!, arg3!, arg4!, arg5!]));

    /// <summary>Logs a line with its cause, whatever level is wanted.</summary>
    public static void Log<T1, T2, T3, T4, T5, T6>(
        this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6) =>
        log.Log(logLevel, cause, Message(log, format, [arg1!, arg2!, arg3!, arg4!, arg5!, arg6!]));

    private static FormattedLogMessage Message(ILoggingAdapter log, string format, object[] args) =>
        new(log.Formatter, format, args);
}
