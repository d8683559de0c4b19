namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>The own counts as they were in one report.</summary>
internal sealed record SentVector(long Sequence, TimeSpan SentAt, IReadOnlyDictionary<BackendKey, LoadEntry> Entries);
