namespace OrleansLb.Configuration.Pools;

/// <summary>One backend before its generation is known.</summary>
internal sealed record BackendSettings(string Id, Uri Address, Uri HealthAddress, string? Host, int Weight, int Priority, string Zone, Uri? AgentAddress);
