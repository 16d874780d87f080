using Akka.Event;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Connects the log of the actor system with that of the host.</summary>
public static class LoggingExtensions
{
    /// <summary>Chooses the loggers.</summary>
    public static AkkaConfigurationBuilder ConfigureLoggers(
        this AkkaConfigurationBuilder builder, Action<LoggerConfigBuilder> configurator)
    {
        var loggers = new LoggerConfigBuilder(builder);
        configurator(loggers);
        return builder.AddHocon(loggers.ToConfig(), HoconAddMode.Prepend);
    }

    /// <summary>Adds the logger that writes to standard output.</summary>
    public static LoggerConfigBuilder AddDefaultLogger(this LoggerConfigBuilder configBuilder) =>
        configBuilder.Add(typeof(DefaultLogger));

    /// <summary>Adds a logger that hands all lines to the host's logger factory.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder) =>
        configBuilder.Add(typeof(LoggerFactoryLogger));

    /// <summary>Adds a logger that hands all lines to <paramref name="loggerFactory"/>.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(
        this LoggerConfigBuilder configBuilder, ILoggerFactory loggerFactory)
    {
        configBuilder.Builder.LoggerFactory = loggerFactory;
        return configBuilder.AddLoggerFactory();
    }
}
