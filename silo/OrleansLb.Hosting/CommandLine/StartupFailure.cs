using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace OrleansLb.Hosting.CommandLine;

/// <summary>Turns what a start failed with into lines for an operator.</summary>
internal static class StartupFailure
{
    /// <summary>Environment variable that adds the stack trace.</summary>
    public const string DebugVariable = "ORLEANSLB_DEBUG";

    public static void Write(TextWriter writer, string executable, Exception exception)
    {
        var reasons = Reasons(exception).Select(OnOneLine).Distinct().ToList();
        if (reasons.Count == 1)
        {
            writer.WriteLine($"{executable}: {reasons[0]}");
        }
        else
        {
            writer.WriteLine($"{executable}: {reasons.Count} errors");
            foreach (var reason in reasons)
                writer.WriteLine($"  {reason}");
        }

        if (Environment.GetEnvironmentVariable(DebugVariable) == "1")
            writer.WriteLine(exception);
    }

    private static IEnumerable<string> Reasons(Exception exception) => exception switch
    {
        StartupException startup => startup.Errors,
        OptionsValidationException validation => validation.Failures,
        AggregateException aggregate => aggregate.InnerExceptions.SelectMany(Reasons),
        TargetInvocationException { InnerException: { } inner } => Reasons(inner),
        IOException { InnerException: AddressInUseException } busy => [busy.Message],
        SocketException { SocketErrorCode: SocketError.AccessDenied } denied => [$"cannot listen: {denied.Message} (ports below 1024 need a privilege)"],
        _ => [WithCauses(exception)],
    };

    private static string WithCauses(Exception exception)
    {
        var text = new StringBuilder(exception.Message);
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (!text.ToString().Contains(cause.Message, StringComparison.Ordinal))
                text.Append(' ').Append(cause.Message);
        }

        return text.ToString();
    }

    private static string OnOneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
