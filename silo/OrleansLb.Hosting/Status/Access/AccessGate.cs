using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Lets in who may ask what is asked, after routing, which says what that is; a path that nobody serves is not told to those who may not know.</summary>
internal sealed class AccessGate(RequestDelegate next, StatusAccess access)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (AccessRule.NeededBy(context) is not { } needed)
            return next(context);
        var (holder, refusal) = access.Decide(context.Request, needed);
        if (holder is null)
            return refusal!.Answer(context);
        if (access.Tokens is not null)
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, holder.Name)], "Bearer"));
        if (needed == AccessRole.Admin)
            context.Features.Set(new AuditedChange(holder.Name));
        return next(context);
    }
}
