namespace OrleansLb.Frontend.Tests.Hostile;

/// <summary>How something on a connection of HTTP/2 ended.</summary>
/// <param name="How">A frame by its name, END for an answer, CLOSED for a connection of which no more was said, OPEN for one that goes on.</param>
/// <param name="Code">The error (RFC 9113, section 7).</param>
/// <param name="StreamId">The stream, if it was one.</param>
internal readonly record struct Http2End(string How, uint Code, int StreamId);
