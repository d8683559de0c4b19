using Microsoft.AspNetCore.Builder;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Says of endpoints who may ask them. Without a word, who may read may ask by GET, and who may change things by all else.</summary>
public static class AccessRuleExtensions
{
    /// <summary>Everybody may ask it, whoever may use the rest: it tells nothing that has to be kept, and changes nothing.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static TBuilder ForEverybody<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(AccessRule.Everybody);

    /// <summary>It changes nothing, although its method is that of a change.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static TBuilder ForReaders<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(AccessRule.Readers);
}
