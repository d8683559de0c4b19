using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>What copies go through on their way to a backend.</summary>
/// <param name="Run">Its beginning.</param>
internal sealed record MirrorPipeline(RequestDelegate Run);
