namespace OrleansLb.Frontend.Http.Variants;

/// <summary>The part of a divided route that a request takes.</summary>
/// <param name="Part">The part.</param>
/// <param name="Reason">Why.</param>
internal sealed record VariantChoice(RoutePart Part, VariantReason Reason);
