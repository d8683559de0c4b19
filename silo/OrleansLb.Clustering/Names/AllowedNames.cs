using System.Text;

namespace OrleansLb.Clustering.Names;

/// <summary>As which front-ends somebody may send who came in at a gateway.</summary>
/// <param name="Frontends">Their ids, in letters of either case, since a certificate does not tell them apart; none for any.</param>
internal sealed record AllowedNames(IReadOnlyList<string> Frontends)
{
    /// <summary>As any.</summary>
    public static AllowedNames Any { get; } = new([]);

    /// <summary>Whether a client may send as who it says it is.</summary>
    /// <param name="client">Its identity.</param>
    public bool Allow(GrainId client) => Frontends.Count == 0 || Frontends.Any(id => Ascii.EqualsIgnoreCase(ClientName.FrontendOf(client), id));
}
