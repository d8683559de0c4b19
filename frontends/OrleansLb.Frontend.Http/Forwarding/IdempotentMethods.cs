using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Methods of requests that may be done twice when nobody knows whether the first attempt arrived (RFC 9110, 9.2.2).</summary>
internal static class IdempotentMethods
{
    /// <summary>Whether a method is one of them.</summary>
    /// <param name="method">The method, in capitals as on the wire.</param>
    public static bool Contains(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsTrace(method);
}
