using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OrleansLb.Hosting.Telemetry.Otlp;

namespace OrleansLb.Hosting.Telemetry;

/// <summary>Says what is wrong with OpenTelemetry's variables, if they count for metrics.</summary>
internal sealed class MetricsOptionsValidator(IConfiguration configuration) : IValidateOptions<MetricsOptions>
{
    public ValidateOptionsResult Validate(string? name, MetricsOptions options)
    {
        var mistakes = new List<string>();
        if (options.Otlp)
            OtlpSettings.Read(configuration, OtlpSignal.Metrics, mistakes);
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
