using System.Diagnostics;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>Where spans of requests come from. While nobody listens there are none, and a request pays one look at a field for each that it might have had.</summary>
internal static class FrontendSpans
{
    public const string SourceName = "OrleansLb.Frontend";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody listens.</summary>
    public static bool AreWanted => Source.HasListeners();

    /// <summary>Begins the span of a request.</summary>
    /// <param name="name">Its name, until more is known.</param>
    /// <param name="parent">What the client says that the request is a part of; nothing for a trace of its own.</param>
    public static Activity? BeginRequest(string name, ActivityContext parent) => Source.StartActivity(ActivityKind.Server, parent, name: name);

    /// <summary>Begins a span within that of a request; without one there is none, as of a copy that nobody waits for.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Whether somebody else is asked.</param>
    public static Activity? BeginWithin(string name, ActivityKind kind) => Activity.Current is null ? null : Source.StartActivity(name, kind);
}
