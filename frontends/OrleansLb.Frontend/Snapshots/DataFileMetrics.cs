using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>How the files of the data folder fare.</summary>
internal sealed class DataFileMetrics
{
    public const string MeterName = "OrleansLb.Frontend.DataFiles";

    private readonly Counter<long> _failures;

    public DataFileMetrics(IMeterFactory meters) => _failures = meters.Create(MeterName).CreateCounter<long>(
        "orleanslb.snapshot.file.failures", "{failure}", "Files of the data folder that could not be read or written.");

    public void Failed(string file, string operation) => _failures.Add(
        1, new KeyValuePair<string, object?>("file", file), new KeyValuePair<string, object?>("operation", operation));
}
