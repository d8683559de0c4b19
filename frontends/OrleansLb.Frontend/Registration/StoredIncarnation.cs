namespace OrleansLb.Frontend.Registration;

/// <summary>The number of this front-end's last start, on disk.</summary>
internal sealed record StoredIncarnation(long Incarnation);
