using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>What the server that was asked wants the client to be told.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Those of its headers that are passed on.</param>
/// <param name="Body">Its body.</param>
internal sealed record ForwardedRefusal(int Status, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, byte[] Body) : Refusal(Status, AuthOutcomes.Reason(AuthOutcomes.Answer))
{
    /// <summary>Longest body that is passed on; of one that is longer nothing is, since half of it helps nobody.</summary>
    internal const int LongestBody = 64 * 1024;

    private static readonly string[] OfAnswers = [HeaderNames.Location, HeaderNames.WWWAuthenticate, HeaderNames.SetCookie, HeaderNames.CacheControl, HeaderNames.RetryAfter];
    private static readonly string[] OfBodies = [HeaderNames.ContentType, HeaderNames.ContentEncoding, HeaderNames.ContentLanguage];

    /// <summary>Takes an answer for the client.</summary>
    public static async Task<ForwardedRefusal> Of(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var body = await ReadBody(answer, cancellation);
        var headers = Found(answer.Headers, OfAnswers);
        return new ForwardedRefusal((int)answer.StatusCode, body.Length > 0 ? [.. headers, .. Found(answer.Content.Headers, OfBodies)] : [.. headers], body);
    }

    public override async Task Write(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        foreach (var (name, values) in Headers)
            response.Headers[name] = values;
        if (Body.Length == 0)
            return;
        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(Body, context.RequestAborted);
    }

    private static IEnumerable<KeyValuePair<string, StringValues>> Found(System.Net.Http.Headers.HttpHeaders headers, string[] names) =>
        names.Where(name => headers.NonValidated.Contains(name)).Select(name => KeyValuePair.Create(name, new StringValues([.. headers.NonValidated[name]])));

    private static async Task<byte[]> ReadBody(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode is System.Net.HttpStatusCode.NotModified || answer.Content.Headers.ContentLength > LongestBody)
            return [];
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[LongestBody + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length > LongestBody ? [] : buffer[..length];
    }
}
