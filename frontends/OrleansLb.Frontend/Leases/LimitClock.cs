using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Leases;

/// <summary>Monotonic time of this process, in the form the machines take.</summary>
/// <param name="clock">The product's clock.</param>
public sealed class LimitClock([FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private readonly long _origin = clock.GetTimestamp();

    /// <summary>Time since an arbitrary origin; never zero, so that zero can mean "not yet".</summary>
    public TimeSpan Now => clock.GetElapsedTime(_origin) + TimeSpan.FromTicks(1);

    /// <summary>The clock itself, for delays.</summary>
    internal TimeProvider Provider => clock;
}
