using System.Globalization;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Cluster;

/// <summary>Says whether silos answer. Without them a front-end stays ready, because it serves; the detail tells the operator.</summary>
internal sealed class ClusterReadinessCheck(ClusterContact contact) : IReadinessCheck
{
    public string Name => "cluster";

    public Readiness Check() => Readiness.Ready(contact.IsLost
        ? string.Create(CultureInfo.InvariantCulture, $"alone: no silo has answered for {contact.Silence.TotalSeconds:F0} s")
        : "silos answer");
}
