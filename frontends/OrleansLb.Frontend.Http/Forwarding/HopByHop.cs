using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;
using OrleansLb.Frontend.Http.Tls;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>What becomes of fields by their names. The fields that are not passed on are those that YARP does not pass on.</summary>
internal static class HopByHop
{
    private static readonly string[] Dropped =
    [
        HeaderNames.Connection, HeaderNames.TransferEncoding, HeaderNames.KeepAlive, HeaderNames.Upgrade, HeaderNames.ProxyConnection, HeaderNames.ProxyAuthenticate,
        "Proxy-Authentication-Info", HeaderNames.ProxyAuthorization, "Proxy-Features", "Proxy-Instruction", "Security-Scheme", "ALPN", "Close", "HTTP2-Settings",
        HeaderNames.UpgradeInsecureRequests, HeaderNames.TE, HeaderNames.AltSvc,
    ];

    // YARP sets these anew, and takes away the one that says the same in another form.
    private static readonly string[] SetAnew = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded"];

    // With one of these and without a body, YARP's client says that the body is empty.
    private static readonly string[] OfContent =
    [
        HeaderNames.Allow, HeaderNames.ContentDisposition, HeaderNames.ContentEncoding, HeaderNames.ContentLanguage, HeaderNames.ContentLocation, HeaderNames.ContentMD5,
        HeaderNames.ContentRange, HeaderNames.ContentType, HeaderNames.Expires, HeaderNames.LastModified,
    ];

    // What only we say of a client, or nobody.
    private static readonly string[] OfClients = [ClientCertificateMiddleware.Field, "X-Real-IP"];

    // RFC 9110, section 6.5.1: framing, routing, conditions, credentials, control of answers and the form of the content.
    private static readonly FrozenSet<string> NoTrailers = Dropped.Concat(OfContent).Concat(SetAnew).Concat(OfClients).Concat(
    [
        HeaderNames.ContentLength, HeaderNames.Host, HeaderNames.CacheControl, HeaderNames.Expect, HeaderNames.MaxForwards, HeaderNames.Pragma, HeaderNames.Range, HeaderNames.IfMatch,
        HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfUnmodifiedSince, HeaderNames.IfRange, HeaderNames.WWWAuthenticate, HeaderNames.Authorization,
        HeaderNames.Cookie, HeaderNames.SetCookie, HeaderNames.Age, HeaderNames.Date, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.Vary, HeaderNames.Warning, HeaderNames.Trailer,
    ]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NotInAnswers = Dropped.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, FieldKind> OfRequests = Dropped.Concat(SetAnew).Select(static name => (name, FieldKind.Dropped))
        .Concat(OfContent.Select(static name => (name, FieldKind.Content)))
        .Concat(
        [
            (HeaderNames.Host, FieldKind.Host), (HeaderNames.ContentLength, FieldKind.Length), (HeaderNames.Cookie, FieldKind.Cookie),
            (HeaderNames.UserAgent, FieldKind.Agent), (HeaderNames.Expect, FieldKind.Expect),
        ])
        .ToFrozenDictionary(static pair => pair.Item1, static pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

    public static FieldKind OfRequest(string name) => OfRequests.GetValueOrDefault(name, FieldKind.Plain);

    public static bool IsPassedToClient(string name) => !NotInAnswers.Contains(name);

    public static bool MayBeTrailer(string name) => !NoTrailers.Contains(name);
}
