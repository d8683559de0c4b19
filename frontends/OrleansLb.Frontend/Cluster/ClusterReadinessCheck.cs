using System.Globalization;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Cluster;

/// <summary>Says whether silos answer. Without them a front-end stays ready, because it serves; the detail tells the operator.</summary>
internal sealed class ClusterReadinessCheck(ClusterContact contact) : IReadinessCheck
{
    /// <summary>Four heartbeats without an answer. The front-end still waits whether it is one silo that died, but whoever looks may know.</summary>
    internal static readonly TimeSpan Noteworthy = TimeSpan.FromSeconds(1);

    public string Name => "cluster";

    public Readiness Check()
    {
        var silence = contact.Silence;
        if (silence <= Noteworthy)
            return Readiness.Ready("silos answer");
        var prefix = contact.IsLost ? "alone: " : "";
        return Readiness.Ready(string.Create(CultureInfo.InvariantCulture, $"{prefix}no silo has answered for {silence.TotalSeconds:F0} s"));
    }
}
