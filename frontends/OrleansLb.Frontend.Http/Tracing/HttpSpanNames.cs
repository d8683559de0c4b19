using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>What the conventions call methods: those that are not known have one name, so that clients make no names of spans.</summary>
internal static class HttpSpanNames
{
    private const string Other = "_OTHER";
    private const int LongestMethod = 32;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE" };

    /// <summary>The method as a name of spans begins with it.</summary>
    public static string MethodOf(HttpRequest request) => Known.Contains(request.Method) ? request.Method : "HTTP";

    /// <summary>Adds it to a span.</summary>
    public static void AddMethod(Activity span, HttpRequest request)
    {
        var isKnown = Known.Contains(request.Method);
        span.SetTag("http.request.method", isKnown ? request.Method : Other);
        if (!isKnown)
            span.SetTag("http.request.method_original", request.Method.Length > LongestMethod ? request.Method[..LongestMethod] : request.Method);
    }
}
