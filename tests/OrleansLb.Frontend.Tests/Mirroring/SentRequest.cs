namespace OrleansLb.Frontend.Tests.Mirroring;

/// <summary>A request as it arrived at a backend.</summary>
internal sealed record SentRequest(string Method, string Target, IReadOnlyDictionary<string, string> Fields, string Body);
