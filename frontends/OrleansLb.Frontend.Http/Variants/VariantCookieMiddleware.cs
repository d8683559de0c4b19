using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Variants;

/// <summary>Tells a client which part of a divided route it has, so that it keeps it.</summary>
internal sealed class VariantCookieMiddleware(RequestDelegate next)
{
    public Task Invoke(HttpContext context)
    {
        if (context.Features.Get<VariantChoice>() is { Reason: VariantReason.Weight, Part.Variant: { Cookie.Length: > 0 } variant })
            Tell(context, variant.Cookie, variant.Name, variant.CookieMaxAge);
        return next(context);
    }

    private static void Tell(HttpContext context, string cookie, string name, TimeSpan age) => context.Response.Cookies.Append(cookie, name, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        MaxAge = age > TimeSpan.Zero ? age : null,
    });
}
