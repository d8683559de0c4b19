using System.Collections.Immutable;

namespace OrleansLb.Core.Acme;

/// <summary>
/// What to do next about an order, by the authority's documents alone: whoever takes an order over from somebody who was killed in the middle of it goes on where that one was.
/// </summary>
public static class OrderMachine
{
    /// <summary>Decides.</summary>
    /// <param name="order">The order as it is now.</param>
    /// <param name="authorizations">Its authorizations, if it is pending or invalid.</param>
    public static OrderStep Next(AcmeOrder order, IReadOnlyList<AcmeAuthorization> authorizations) => order.Status switch
    {
        AcmeStatuses.Pending => Prove(authorizations),
        AcmeStatuses.Ready => new OrderStep(OrderStepKind.Finalize),
        AcmeStatuses.Processing => new OrderStep(OrderStepKind.Wait),
        AcmeStatuses.Valid when order.Certificate is not null => new OrderStep(OrderStepKind.Download),
        AcmeStatuses.Invalid => Fail(ProblemOf(authorizations) ?? order.Error ?? Unknown("the authority gave no reason")),
        _ => Fail(Unknown($"the order is {order.Status} and has no certificate")),
    };

    /// <summary>The tokens that the authority will ask for.</summary>
    /// <param name="authorizations">All of an order.</param>
    public static ImmutableArray<string> Tokens(IReadOnlyList<AcmeAuthorization> authorizations) =>
        [.. Open(authorizations).Select(static one => one.Http?.Token).Where(AcmeChallenge.IsToken).Select(static token => token!)];

    private static OrderStep Prove(IReadOnlyList<AcmeAuthorization> authorizations)
    {
        // What the authority does not take of one name, it will not take of the order.
        if (authorizations.Any(static one => one.Status is not (AcmeStatuses.Pending or AcmeStatuses.Valid)))
            return Fail(ProblemOf(authorizations) ?? Unknown("an authorization was withdrawn"));
        if (Open(authorizations).FirstOrDefault(static one => !AcmeChallenge.IsToken(one.Http?.Token)) is { } odd)
            return Fail(Unknown($"the authority offers no {AcmeChallenge.Http01} for {odd.Identifier.Value}"));
        ImmutableArray<Uri> open = [.. Open(authorizations).Select(static one => one.Http!).Where(static challenge => challenge.Status == AcmeStatuses.Pending).Select(static challenge => challenge.Url)];
        return open.IsEmpty ? new OrderStep(OrderStepKind.Wait) : new OrderStep(OrderStepKind.Answer) { Challenges = open };
    }

    private static IEnumerable<AcmeAuthorization> Open(IReadOnlyList<AcmeAuthorization> authorizations) => authorizations.Where(static one => one.Status == AcmeStatuses.Pending);

    private static AcmeProblem? ProblemOf(IReadOnlyList<AcmeAuthorization> authorizations) => authorizations
        .SelectMany(static one => one.Challenges.Where(static challenge => challenge.Error is not null).Select(challenge => challenge.Error! with { Detail = $"{one.Identifier.Value}: {challenge.Error.Detail}" }))
        .FirstOrDefault();

    private static OrderStep Fail(AcmeProblem problem) => new(OrderStepKind.Fail) { Problem = problem };

    private static AcmeProblem Unknown(string detail) => new(Detail: detail);
}
