namespace OrleansLb.ChaosRun.Stage;

/// <summary>A front-end.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Address">Where it serves.</param>
/// <param name="Status">Where it says how it is.</param>
internal sealed record FrontendMember(Member Process, Uri Address, Uri Status);
