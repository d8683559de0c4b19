using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Clustering.Connections;
using OrleansLb.Core;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Clustering.Calls;

/// <summary>
/// Refuses what no front-end needs to whoever came in at a gateway: administrators' decisions, configurations, and all of Orleans' own but the list of what grains there are; and what one front-end
/// says in the name of another. It goes by who sent a call, which gateways have made sure of.
/// </summary>
internal sealed partial class FrontendCallFilter(RejectionCounter rejected, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<FrontendCallFilter> logger) : IIncomingGrainCallFilter
{
    private const string Surface = "cluster";
    private const string NotForFrontends = "cluster.call";

    private static readonly TimeSpan LogPace = TimeSpan.FromSeconds(1);

    private static readonly ConcurrentDictionary<MethodInfo, CallRule> Rules = [];

    private long _saidAt;

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is { } source && KnownSender.IsFromOutside(source) && Rules.GetOrAdd(context.InterfaceMethod, CallRule.Of).FaultOf(context, source) is { } fault)
            throw Refuse(context, source, fault);
        return context.Invoke();
    }

    private UnauthorizedAccessException Refuse(IIncomingGrainCallContext context, GrainId source, string fault)
    {
        var method = $"{context.InterfaceMethod.DeclaringType?.Name}.{context.InterfaceMethod.Name}";
        rejected.Count(Surface, NotForFrontends);
        Say(source, method, fault);
        return new UnauthorizedAccessException($"{method} {fault}.");
    }

    /// <summary>Whoever may come in can make it say something: once a second is enough to know, and the metric counts all.</summary>
    private void Say(GrainId source, string method, string fault)
    {
        var (said, now) = (Interlocked.Read(ref _saidAt), clock.GetTimestamp());
        if ((said == 0 || clock.GetElapsedTime(said, now) >= LogPace) && Interlocked.CompareExchange(ref _saidAt, now, said) == said)
            LogRefused(logger, source, method, fault);
    }
}
