namespace OrleansLb.Core.Acme;

/// <summary>What is to be proven of a name (RFC 8555, section 7.1.4).</summary>
/// <param name="Status">One of <see cref="AcmeStatuses"/>.</param>
/// <param name="Identifier">The name.</param>
/// <param name="Challenges">The ways to prove it.</param>
public sealed record AcmeAuthorization(string Status, AcmeIdentifier Identifier, IReadOnlyList<AcmeChallenge> Challenges)
{
    /// <summary>The way by a file that is asked for over HTTP (section 8.3); <see langword="null"/> when the authority does not offer it.</summary>
    public AcmeChallenge? Http => Challenges.FirstOrDefault(static challenge => challenge.Type == AcmeChallenge.Http01);
}
