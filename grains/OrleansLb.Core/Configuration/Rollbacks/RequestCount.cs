namespace OrleansLb.Core.Configuration.Rollbacks;

/// <summary>Requests that have ended.</summary>
/// <param name="Requests">All of them.</param>
/// <param name="Failed">Those that failed, which are among them.</param>
public readonly record struct RequestCount(long Requests, long Failed)
{
    /// <summary>Which part of them failed, from 0 to 1; 0 of none.</summary>
    public double Share => Requests > 0 ? (double)Failed / Requests : 0;

    /// <summary>Both together.</summary>
    /// <param name="left">Some.</param>
    /// <param name="right">Others.</param>
    public static RequestCount operator +(RequestCount left, RequestCount right) => new(left.Requests + right.Requests, left.Failed + right.Failed);

    /// <summary>What was counted since.</summary>
    /// <param name="left">The later count.</param>
    /// <param name="right">The earlier count of the same.</param>
    public static RequestCount operator -(RequestCount left, RequestCount right) => new(left.Requests - right.Requests, left.Failed - right.Failed);

    /// <summary>For people: <c>12.5 % of 1,234 requests</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Share * 100:0.0} % of {Requests:N0} requests");
}
