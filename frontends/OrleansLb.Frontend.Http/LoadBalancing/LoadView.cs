using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>What is known of a pool's load at one moment.</summary>
/// <param name="Foreign">What the other front-ends have in flight, in the order of the pool's slots; <see langword="null"/> when that is not known.</param>
/// <param name="Outlook">What it is worth.</param>
internal readonly record struct LoadView(ForeignLoad? Foreign, Outlook Outlook);
