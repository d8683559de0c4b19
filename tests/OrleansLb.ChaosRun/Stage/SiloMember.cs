namespace OrleansLb.ChaosRun.Stage;

/// <summary>A silo.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Status">Where it says how it is.</param>
internal sealed record SiloMember(Member Process, Uri Status);
