using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Says which policies lack what they go by. A front-end stays ready: it may have what was there before, and others would be no better off.</summary>
internal sealed class AuthenticationReadinessCheck(AuthenticationPolicies policies) : IReadinessCheck
{
    public string Name => "authentication";

    public Readiness Check()
    {
        var faults = policies.Watched.Where(static watched => watched.Fault is not null).Select(static watched => $"what {watched.Policy} goes by cannot be used: {watched.Fault}").ToList();
        return Readiness.Ready(faults.Count > 0 ? string.Join("; ", faults) : "every policy has what it goes by");
    }
}
