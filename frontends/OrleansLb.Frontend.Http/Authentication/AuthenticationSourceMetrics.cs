using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>How the files and key sets fare that policies go by.</summary>
internal sealed class AuthenticationSourceMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Authentication";

    private readonly Counter<long> _reads;

    public AuthenticationSourceMetrics(IMeterFactory meters) =>
        _reads = meters.Create(MeterName).CreateCounter<long>("orleanslb.auth.reads", "{read}", "Files and key sets of policies that were read, or could not be.");

    public void Read(string policy, bool succeeded) => _reads.Add(1, new("policy", policy), new("result", succeeded ? "ok" : "failed"));
}
