using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Registration;

namespace OrleansLb.Frontend;

/// <summary>This process as one incarnation of a front-end.</summary>
public sealed class FrontendIdentity
{
    internal FrontendIdentity(IOptions<FrontendOptions> options, IncarnationSource incarnations)
    {
        Id = options.Value.Id;
        Incarnation = incarnations.Next();
    }

    /// <summary>Name of the front-end, stable across restarts.</summary>
    public string Id { get; }

    /// <summary>Grows with every start.</summary>
    public long Incarnation { get; }
}
