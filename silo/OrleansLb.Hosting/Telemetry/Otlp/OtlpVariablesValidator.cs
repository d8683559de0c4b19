using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OrleansLb.Hosting.Telemetry.Otlp;

/// <summary>Says what is wrong with OpenTelemetry's variables for a signal, if it is sent. A collector that is not there is no mistake: it may be later.</summary>
/// <param name="configuration">Configuration of the process, with its environment.</param>
/// <param name="signal">The signal.</param>
/// <param name="isSent">Whether options say that it is sent.</param>
internal sealed class OtlpVariablesValidator<TOptions>(IConfiguration configuration, OtlpSignal signal, Func<TOptions, bool> isSent) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var mistakes = new List<string>();
        if (isSent(options))
            OtlpSettings.Read(configuration, signal, mistakes);
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
