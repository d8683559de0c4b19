using OrleansLb.Core.Sessions;

namespace OrleansLb.Grains.Sessions;

/// <summary>All that front-ends remember of a range.</summary>
/// <param name="Epoch">Epoch of the activation that asked, above all that it was told.</param>
/// <param name="Recalls">One answer of each registered front-end.</param>
internal sealed record SessionCensus(long Epoch, IReadOnlyCollection<SessionRecall> Recalls);
