using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Core;

namespace OrleansLb.Frontend;

/// <summary>This process as one incarnation of a front-end.</summary>
public sealed class FrontendIdentity
{
    public FrontendIdentity(IOptions<FrontendOptions> options, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
    {
        Id = options.Value.Id;
        // Milliseconds of the wall clock grow across restarts of one front-end, which is all an incarnation has to do; a clock that
        // went back is refused at registration with a log line that says so.
        Incarnation = clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>Name of the front-end, stable across restarts.</summary>
    public string Id { get; }

    /// <summary>Grows with every start.</summary>
    public long Incarnation { get; }
}
