using System.Buffers;
using System.Collections.Frozen;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Refusals;

/// <summary>
/// What is wrong with a request that the server refuses, and the status for it: the server's own, but where RFC 9112 has another one. What is wrong with bodies shows while they are read, when somebody
/// else refuses them.
/// </summary>
internal static partial class ServerFaults
{
    /// <summary>What the server cannot read, and has no other reason for here.</summary>
    public const string Other = "framing.other";

    private const string RequestLineTooLong = "RequestLineTooLong";
    private const string UnrecognizedVersion = "UnrecognizedHTTPVersion";

    // RFC 9112, section 3: what is no request line, or has a target that is none for its method, is answered 400. 405 would say that another method may be used with it.
    private static readonly RequestFault Target = new("target", StatusCodes.Status400BadRequest);
    private static readonly RequestFault Line = new("framing.line", StatusCodes.Status400BadRequest);
    private static readonly RequestFault Fields = new("framing.field", StatusCodes.Status400BadRequest);
    private static readonly RequestFault Length = new("framing.length", StatusCodes.Status400BadRequest);
    private static readonly RequestFault Version = new("framing.version", StatusCodes.Status505HttpVersionNotsupported);
    private static readonly RequestFault LongLine = new("limit.line", StatusCodes.Status414UriTooLong);
    private static readonly RequestFault LongMethod = LongLine with { Status = StatusCodes.Status400BadRequest };
    private static readonly RequestFault ManyFields = new("limit.fields", StatusCodes.Status431RequestHeaderFieldsTooLarge);

    private static readonly FrozenDictionary<string, RequestFault> Faults = new Dictionary<string, RequestFault>
    {
        ["TlsOverHttpError"] = new("framing.tls", StatusCodes.Status400BadRequest),
        ["InvalidRequestLine"] = Line,
        [UnrecognizedVersion] = Version,
        [RequestLineTooLong] = LongLine,
        ["InvalidRequestTarget"] = RequestFault.Path,
        ["OptionsMethodRequired"] = Target,
        ["ConnectMethodRequired"] = Target,
        ["InvalidRequestHeader"] = Fields,
        ["InvalidRequestHeadersNoCRLF"] = Fields,
        ["MalformedRequestInvalidHeaders"] = Fields,
        ["InvalidCharactersInHeaderName"] = RequestFault.FieldName,
        ["HeadersExceedMaxTotalSize"] = ManyFields,
        ["TooManyHeaders"] = ManyFields,
        ["RequestHeadersTimeout"] = new("timeout.head", StatusCodes.Status408RequestTimeout),
        ["InvalidContentLength"] = Length,
        ["MultipleContentLengths"] = Length,
        ["LengthRequiredHttp10"] = Length,
        ["FinalTransferCodingNotChunked"] = RequestFault.Encoding,
        ["MissingHostHeader"] = new("host.missing", StatusCodes.Status400BadRequest),
        ["MultipleHostHeaders"] = new("host.several", StatusCodes.Status400BadRequest),
        ["InvalidHostHeader"] = new("host.invalid", StatusCodes.Status400BadRequest),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> OfBodies = new[]
    {
        "UnexpectedEndOfRequestContent", "BadChunkSuffix", "BadChunkSizeData", "BadChunkExtension", "ChunkedExtensionNotAllowed", "ChunkedRequestIncomplete", "RequestBodyTooLarge", "RequestBodyTimeout",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Finds the fault.</summary>
    /// <param name="error">What the server says.</param>
    /// <param name="features">The request's, as far as there is one.</param>
    /// <returns><see langword="null"/> for what is wrong with a body.</returns>
    public static RequestFault? Of(BadHttpRequestException error, IFeatureCollection features)
    {
        var name = NameOf(error);
        if (OfBodies.Contains(name))
            return null;
        if (name == UnrecognizedVersion && !QuotedVersion().IsMatch(error.Message))
            return Line;
        if (name == RequestLineTooLong && features.Get<IConnectionTransportFeature>() is { } connection && !HasMethod(connection.Transport.Input))
            return LongMethod;
        return Faults.GetValueOrDefault(name) ?? new RequestFault(Other, error.StatusCode);
    }

    // The server keeps its reasons to itself, and its words have in them what the client sent.
    private static string NameOf(BadHttpRequestException error) =>
        error.GetType().GetProperty("Reason", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(error)?.ToString() ?? "";

    /// <summary>Whether a method ends within what a line may have: who sends no space cannot be told that it is the target that is too long (RFC 9112, section 3).</summary>
    private static bool HasMethod(PipeReader input)
    {
        // The server has looked at all of it and taken none, so that it is there for who does not wait for more.
        input.CancelPendingRead();
        if (!input.TryRead(out var read))
            return true;
        var line = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, HttpListenerDefaults.RequestLine));
        var hasMethod = line.PositionOf((byte)' ') is not null;
        input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return hasMethod;
    }

    // RFC 9112, section 2.3: whichever it is. That of another protocol, or one in lower case, is none; where nothing is quoted the server's word counts.
    [GeneratedRegex("'(HTTP/[0-9]\\.[0-9])?'")]
    private static partial Regex QuotedVersion();
}
