using Microsoft.Extensions.Options;

namespace OrleansLb.Hosting.Tls;

/// <summary>A silo that is told of profiles must have their files at its start: its probes would take backends out that are well.</summary>
internal sealed class ProbeTlsOptionsValidation : IValidateOptions<ProbeTlsOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ProbeTlsOptions options)
    {
        var mistakes = BackendTlsValidation.MistakesOf($"{ProbeTlsOptions.SectionName}:{nameof(options.Backends)}", options.Backends).ToList();
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
