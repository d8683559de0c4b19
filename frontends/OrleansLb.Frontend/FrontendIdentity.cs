using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Registration;

namespace OrleansLb.Frontend;

/// <summary>This process as one incarnation of a front-end.</summary>
public sealed class FrontendIdentity
{
    internal FrontendIdentity(IOptions<FrontendOptions> options, IncarnationSource incarnations, bool limitsOnly = false)
    {
        Id = options.Value.Id;
        Incarnation = incarnations.Next();
        LimitsOnly = limitsOnly;
    }

    /// <summary>Name of the front-end, stable across restarts.</summary>
    public string Id { get; }

    /// <summary>Grows with every start.</summary>
    public long Incarnation { get; }

    /// <summary>Whether it only uses limits, as an application does, and carries no traffic of pools.</summary>
    public bool LimitsOnly { get; }
}
