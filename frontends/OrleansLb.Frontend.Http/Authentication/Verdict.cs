using System.Security.Claims;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What came of asking who a client is.</summary>
/// <param name="User">Who it is, if it is let in and known.</param>
/// <param name="Name">What backends may be told of it.</param>
/// <param name="Refusal">Why it is not let in; <see langword="null"/> when it is.</param>
/// <param name="Outcome">How it is counted.</param>
internal readonly record struct Verdict(ClaimsPrincipal? User, string? Name, Refusal? Refusal, string Outcome)
{
    /// <summary>Lets somebody in.</summary>
    public static Verdict Accept(ClaimsPrincipal user, string? name) => new(user, name, null, AuthOutcomes.Accepted);

    /// <summary>Does not.</summary>
    public static Verdict Refuse(Refusal refusal) => new(null, null, refusal, AuthOutcomes.Of(refusal.Reason));
}
