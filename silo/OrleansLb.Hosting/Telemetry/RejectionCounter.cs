using System.Diagnostics.Metrics;

namespace OrleansLb.Hosting.Telemetry;

/// <summary>Counts what was refused, on every surface of a process alike.</summary>
public sealed class RejectionCounter
{
    /// <summary>Name of the meter, from when only front-ends refused anything: whoever collects by it goes on.</summary>
    public const string MeterName = "OrleansLb.Frontend.Limits";

    private readonly Counter<long> _rejected;

    /// <param name="meters">Makes the meter; what one process makes twice of the same name is one.</param>
    public RejectionCounter(IMeterFactory meters) =>
        _rejected = meters.Create(MeterName).CreateCounter<long>("orleanslb.rejected", "{request}", "Requests refused before a backend was dialled.");

    /// <summary>Counts one.</summary>
    /// <param name="surface">Where it was refused, such as <c>http</c> or <c>admin</c>.</param>
    /// <param name="reason">Why, one of a fixed list.</param>
    public void Count(string surface, string reason)
    {
        if (_rejected.Enabled)
            _rejected.Add(1, new("surface", surface), new("reason", reason));
    }
}
