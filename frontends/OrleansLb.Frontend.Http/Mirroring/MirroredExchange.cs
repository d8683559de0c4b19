using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>One copy on its way, known to its features. Its life does not end with that of the request.</summary>
/// <param name="plan">What it is made by.</param>
/// <param name="hasBody">Whether it has a body.</param>
/// <param name="end">The end of the front-end.</param>
internal sealed class MirroredExchange(MirrorPlan plan, bool hasBody, CancellationToken end) : IHttpRequestLifetimeFeature, IHttpRequestBodyDetectionFeature, IDisposable
{
    private readonly CancellationTokenSource _abort = CancellationTokenSource.CreateLinkedTokenSource(end);
    private CancellationToken? _replaced;

    public MirrorPlan Plan => plan;

    /// <summary>What became of it.</summary>
    public MirrorOutcome Outcome { get; set; } = MirrorOutcome.Failed;

    public bool CanHaveBody => hasBody;

    public CancellationToken RequestAborted
    {
        get => _replaced ?? _abort.Token;
        set => _replaced = value;
    }

    /// <summary>Whether it was cut off.</summary>
    public bool IsCutOff => _abort.IsCancellationRequested;

    public void Abort() => _abort.Cancel();

    public void Dispose() => _abort.Dispose();
}
