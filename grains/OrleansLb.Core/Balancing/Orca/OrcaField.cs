namespace OrleansLb.Core.Balancing.Orca;

/// <summary>The fields of a report that are read, by their numbers in its protobuf message.</summary>
internal enum OrcaField
{
    CpuUtilization = 1,
    RequestRate = 6,
    FailureRate = 7,
    ApplicationUtilization = 9,
}
