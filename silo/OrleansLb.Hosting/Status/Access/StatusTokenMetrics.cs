using System.Diagnostics.Metrics;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>How the file of tokens fares.</summary>
internal sealed class StatusTokenMetrics
{
    public const string MeterName = "OrleansLb.Status";

    private readonly Counter<long> _reads;

    public StatusTokenMetrics(IMeterFactory meters) =>
        _reads = meters.Create(MeterName).CreateCounter<long>("orleanslb.status.token_file.reads", "{read}", "Files of tokens that were read, or could not be.");

    public void Read(bool succeeded) => _reads.Add(1, new KeyValuePair<string, object?>("result", succeeded ? "ok" : "failed"));
}
