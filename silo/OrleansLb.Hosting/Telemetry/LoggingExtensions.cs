using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace OrleansLb.Hosting.Telemetry;

/// <summary>How the executables log: one line an event on standard output, with the time in UTC.</summary>
public static class LoggingExtensions
{
    /// <summary>Key that switches to JSON lines.</summary>
    public const string JsonKey = "OrleansLb:Logging:Json";

    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Adds the console.</summary>
    /// <param name="logging">Logging of the process.</param>
    /// <param name="configuration">Configuration of the process.</param>
    public static ILoggingBuilder AddOrleansLbConsole(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        if (configuration.GetValue<bool>(JsonKey))
            logging.AddJsonConsole(static json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, TimestampFormat.TrimEnd()));
        else
            logging.AddSimpleConsole(static text => (text.UseUtcTimestamp, text.TimestampFormat, text.SingleLine, text.ColorBehavior) = (true, TimestampFormat, true, Colors()));

        // Whoever reads the log and stops reading must not stop what writes it. What is lost is counted in the log itself.
        logging.Services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        logging.SilenceFailedStart();
        return logging;
    }

    private static LoggerColorBehavior Colors() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? LoggerColorBehavior.Default : LoggerColorBehavior.Disabled;

    /// <summary>
    /// The host and the web server log a failed start with its stack trace before throwing it, and the stream of events that it was stopped while
    /// it began. The runner says the same in one line, so until the process has started these are silent.
    /// </summary>
    private static void SilenceFailedStart(this ILoggingBuilder logging)
    {
        var gate = new StartGate();
        logging.Services.AddSingleton(gate);
        logging.Services.AddHostedService<StartGateOpener>();
        foreach (var category in new[] { "Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel", "Orleans.Streams", "Orleans.Providers" })
            logging.AddFilter<ConsoleLoggerProvider>(category, level => gate.IsOpen && level >= LogLevel.Warning);
    }
}
