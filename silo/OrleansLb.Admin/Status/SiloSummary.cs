namespace OrleansLb.Admin.Status;

/// <summary>One silo.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Address and port at which silos reach it.</param>
/// <param name="Status">Its status in the membership, as <c>Active</c>.</param>
internal sealed record SiloSummary(string Name, string Address, string Status);
