using System.Text;

namespace OrleansLb.Hosting.Status;

/// <summary>All checks at one moment.</summary>
/// <param name="Ready">Whether every check holds.</param>
/// <param name="Checks">The checks, in the order they were registered.</param>
internal sealed record ReadinessReport(bool Ready, IReadOnlyList<ReadinessReport.Entry> Checks)
{
    public static ReadinessReport Of(IEnumerable<IReadinessCheck> checks)
    {
        var entries = checks.Select(static check => (check.Name, Result: check.Check()))
            .Select(static check => new Entry(check.Name, check.Result.IsReady, check.Result.Detail))
            .ToList();
        return new ReadinessReport(entries.TrueForAll(static entry => entry.Ready), entries);
    }

    /// <summary>The shape that Kubernetes components answer in.</summary>
    public string ToText(string endpoint, bool verbose)
    {
        if (Ready && !verbose)
            return "ok\n";

        var text = new StringBuilder();
        foreach (var check in Checks)
            text.Append(check.Ready ? "[+]" : "[-]").Append(check.Name).Append(check.Ready ? " ok: " : " failed: ").Append(check.Detail).Append('\n');

        return text.Append(endpoint).Append(Ready ? " check passed\n" : " check failed\n").ToString();
    }

    /// <summary>One check.</summary>
    internal sealed record Entry(string Name, bool Ready, string Detail);
}
