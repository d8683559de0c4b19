using Microsoft.AspNetCore.Http;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>What an endpoint says of who may ask it.</summary>
/// <param name="Needed">Who may; <see langword="null"/> for everybody.</param>
internal sealed record AccessRule(AccessRole? Needed)
{
    public static readonly AccessRule Everybody = new((AccessRole?)null);
    public static readonly AccessRule Readers = new(AccessRole.Read);

    /// <summary>What a request needs. An endpoint that says nothing is nobody's but by a token, and whatever is not plainly a question is taken for a change.</summary>
    public static AccessRole? NeededBy(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { } rule)
            return rule.Needed;
        var method = context.Request.Method;
        return HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? AccessRole.Read : AccessRole.Admin;
    }
}
