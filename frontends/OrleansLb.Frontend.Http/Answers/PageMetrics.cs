using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>How the files of answers fare.</summary>
internal sealed class PageMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Pages";

    private readonly Counter<long> _reads;

    public PageMetrics(IMeterFactory meters) => _reads = meters.Create(MeterName)
        .CreateCounter<long>("orleanslb.page.reads", "{read}", "Files of answers that were read, or could not be.");

    public void Read(bool succeeded) => _reads.Add(1, new KeyValuePair<string, object?>("result", succeeded ? "ok" : "failed"));
}
