using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What a server is asked about a request: what of it is ours to say, and the headers that are named; never its body.</summary>
internal static class ForwardQuestion
{
    public static HttpRequestMessage Of(HttpContext context, Uri address, IReadOnlyList<string> headers)
    {
        var (request, question) = (context.Request, new HttpRequestMessage(HttpMethod.Get, address));
        foreach (var header in headers)
        {
            if (request.Headers.TryGetValue(header, out var values))
                question.Headers.TryAddWithoutValidation(header, (IEnumerable<string?>)values);
        }

        Add(question, "X-Forwarded-Method", request.Method);
        Add(question, "X-Forwarded-Proto", request.Scheme);
        Add(question, "X-Forwarded-Host", request.Host.Value ?? "");
        // As the route was chosen by it and the backend will be sent it.
        Add(question, "X-Forwarded-Uri", $"{request.PathBase}{request.Path}{request.QueryString}");
        Add(question, "X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString() ?? "");
        return question;
    }

    private static void Add(HttpRequestMessage question, string name, string value) => question.Headers.TryAddWithoutValidation(name, value);
}
