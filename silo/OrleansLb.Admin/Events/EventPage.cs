namespace OrleansLb.Admin.Events;

/// <summary>The document of <c>GET /api/v1/events?last=</c>.</summary>
/// <param name="Events">The last events, oldest first.</param>
internal sealed record EventPage(IReadOnlyList<EventDocument> Events);
