using OrleansLb.EdgeBench.Contestants;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>What is between clients and backends beside those who are compared.</summary>
/// <param name="Backends">How many backends there are.</param>
/// <param name="Tls">Whether clients can speak TLS, and HTTP/2 by that.</param>
/// <param name="Protocol">What is spoken to the backends.</param>
internal sealed record StagePlan(int Backends = 4, bool Tls = false, BackendProtocol Protocol = BackendProtocol.Http1)
{
    /// <summary>Whether somebody can do it.</summary>
    /// <param name="name">Who.</param>
    public bool IsFor(string name) => Protocol != BackendProtocol.Http2 || name != ContestantNames.Nginx;
}
