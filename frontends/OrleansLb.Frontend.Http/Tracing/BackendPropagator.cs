using System.Diagnostics;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>
/// Tells backends of the trace in place of what the client said: of the span that is sent on its way to whoever reads it. .NET's client makes one of its own within ours that nobody reads unless
/// he listens to it, and a backend that is told of that would hang in the air.
/// </summary>
internal sealed class BackendPropagator : DistributedContextPropagator
{
    /// <summary>Knows both forwarders' ways.</summary>
    public static readonly BackendPropagator Instance = new(Current);

    private const string Baggage = "baggage";

    private readonly DistributedContextPropagator _inner;
    private readonly string[] _fields;

    private BackendPropagator(DistributedContextPropagator inner) => (_inner, _fields) = (inner, [.. inner.Fields]);

    public override IReadOnlyCollection<string> Fields => _inner.Fields;

    /// <summary>Whether a field of the client says what is said here in its place. Its baggage is passed on as it is: nobody here reads it or adds to it, unless the server did both already.</summary>
    /// <param name="activity">What is told of.</param>
    /// <param name="field">The field's name.</param>
    public bool Replaces(Activity activity, string field)
    {
        foreach (var own in _fields)
        {
            if (own.Equals(field, StringComparison.OrdinalIgnoreCase))
                return !own.Equals(Baggage, StringComparison.OrdinalIgnoreCase) || activity.Baggage.Any();
        }

        return false;
    }

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is null)
            return;
        if (carrier is HttpRequestMessage message)
        {
            foreach (var field in _fields)
            {
                if (Replaces(activity, field))
                    message.Headers.Remove(field);
            }
        }

        _inner.Inject(IsOfNobody(activity) ? activity.Parent : activity, carrier, setter);
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        _inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => _inner.ExtractBaggage(carrier, getter);

    private static bool IsOfNobody(Activity activity) => activity.Source.Name.Length == 0 && activity.Parent is { Source.Name.Length: > 0 };
}
