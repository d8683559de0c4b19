using System.Globalization;

namespace OrleansLb.Core.Health.Outliers;

/// <summary>The numbers by which a backend stands out.</summary>
/// <param name="Cause">By which rule.</param>
/// <param name="Measured">Percent of good or of failed answers, or milliseconds; the length of a streak.</param>
/// <param name="Limit">What it was held against, in the same unit.</param>
/// <param name="Volume">Answers that were looked at.</param>
/// <param name="Frontends">Front-ends that took part in a streak.</param>
public readonly record struct OutlierEvidence(OutlierCause Cause, double Measured, double Limit, long Volume, int Frontends)
{
    /// <summary>The evidence as an operator reads it.</summary>
    public string InWords() => Cause switch
    {
        OutlierCause.ConsecutiveFailures when Frontends == 1 => Text($"{Measured:0} gateway failures in a row at one front-end"),
        OutlierCause.ConsecutiveFailures => Text($"{Measured:0} gateway failures in a row over {Frontends} front-ends"),
        OutlierCause.SuccessRate => Text($"{Measured:0.#} % of {Volume} answers were good, less than the pool's limit of {Limit:0.#} %"),
        OutlierCause.FailurePercentage => Text($"{Measured:0.#} % of {Volume} answers were server errors, the limit is {Limit:0.#} %"),
        _ => Text($"answers take {Measured:0.#} ms on average, the pool's median is {Limit:0.#} ms"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
