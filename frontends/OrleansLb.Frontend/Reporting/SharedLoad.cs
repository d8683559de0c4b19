using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Frontend.Reporting;

/// <summary>Where a pool's exchange leaves what it learned. One for each pool, whatever version of the configuration is in force.</summary>
public sealed class SharedLoad
{
    private ForeignLoad _view = ForeignLoad.None;

    /// <summary>What the other front-ends have in flight; one reference, read once per request.</summary>
    public ForeignLoad View
    {
        get => Volatile.Read(ref _view);
        internal set => Volatile.Write(ref _view, value);
    }
}
