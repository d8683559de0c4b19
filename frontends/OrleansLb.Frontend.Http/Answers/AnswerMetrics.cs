using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>Counts what front-ends answer by themselves.</summary>
internal sealed class AnswerMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Answers";

    private readonly Counter<long> _answers;

    public AnswerMetrics(IMeterFactory meters) => _answers = meters.Create(MeterName)
        .CreateCounter<long>("orleanslb.route.answers", "{request}", "Requests that were answered by their route itself, or by the page of its pool.");

    public void Answered(string route, AnswerKind kind)
    {
        if (_answers.Enabled)
            _answers.Add(1, new KeyValuePair<string, object?>("route", route), new KeyValuePair<string, object?>("kind", NameOf(kind)));
    }

    private static string NameOf(AnswerKind kind) => kind switch
    {
        AnswerKind.Redirect => "redirect",
        AnswerKind.Response => "response",
        AnswerKind.Maintenance => "maintenance",
        _ => "unavailable",
    };
}
