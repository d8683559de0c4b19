using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OrleansLb.Frontend.Http.Retries;

/// <summary>The response headers that were there before the first attempt; what an attempt added is taken back.</summary>
internal readonly struct HeaderMark
{
    private readonly KeyValuePair<string, StringValues>[]? _headers;

    private HeaderMark(KeyValuePair<string, StringValues>[]? headers) => _headers = headers;

    public static HeaderMark Of(HttpResponse response) => new(response.Headers.Count == 0 ? null : [.. response.Headers]);

    public void Restore(HttpResponse response)
    {
        response.Headers.Clear();
        CopyTo(response.Headers);
    }

    public void CopyTo(IHeaderDictionary headers)
    {
        foreach (var header in _headers ?? [])
            headers[header.Key] = header.Value;
    }
}
