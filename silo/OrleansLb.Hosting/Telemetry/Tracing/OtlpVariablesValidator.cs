using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OrleansLb.Hosting.Telemetry.Otlp;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>Says what is wrong with OpenTelemetry's variables, if they count. A collector that is not there is no mistake: it may be later.</summary>
internal sealed class OtlpVariablesValidator(IConfiguration configuration) : IValidateOptions<TracingOptions>
{
    public ValidateOptionsResult Validate(string? name, TracingOptions options)
    {
        var mistakes = new List<string>();
        if (options.Enabled)
            OtlpSettings.Read(configuration, OtlpSignal.Traces, mistakes);
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
