using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>How clients fare when they are asked who they are.</summary>
internal sealed class AuthenticationMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Authentication";

    private readonly Counter<long> _decisions;

    public AuthenticationMetrics(IMeterFactory meters) =>
        _decisions = meters.Create(MeterName).CreateCounter<long>("orleanslb.auth.decisions", "{request}", "Requests on routes that ask who the client is.");

    public void Decided(string policy, string outcome)
    {
        if (_decisions.Enabled)
            _decisions.Add(1, new("policy", policy), new("outcome", outcome));
    }
}
