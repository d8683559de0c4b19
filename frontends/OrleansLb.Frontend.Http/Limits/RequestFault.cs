using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Why a request is refused before a backend is dialled.</summary>
/// <param name="Reason">How it is counted.</param>
/// <param name="Status">What the client gets.</param>
internal sealed record RequestFault(string Reason, int Status)
{
    public static readonly RequestFault LengthAndEncoding = new("framing.length_and_encoding", StatusCodes.Status400BadRequest);
    public static readonly RequestFault Encoding = new("framing.encoding", StatusCodes.Status400BadRequest);
    public static readonly RequestFault EncodingInVersion10 = new("framing.encoding_1_0", StatusCodes.Status400BadRequest);
    public static readonly RequestFault ConnectionField = new("framing.connection_field", StatusCodes.Status400BadRequest);
    public static readonly RequestFault Expectation = new("framing.expect", StatusCodes.Status417ExpectationFailed);
    public static readonly RequestFault Method = new("method", StatusCodes.Status405MethodNotAllowed);
    public static readonly RequestFault Path = new("path", StatusCodes.Status400BadRequest);
    public static readonly RequestFault Host = new("host.empty", StatusCodes.Status400BadRequest);
    public static readonly RequestFault UserInformation = new("host.user", StatusCodes.Status400BadRequest);
    public static readonly RequestFault FieldName = new("field.name", StatusCodes.Status400BadRequest);
    public static readonly RequestFault FieldValue = new("field.value", StatusCodes.Status400BadRequest);

    private const string Served = "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH";

    /// <summary>Answers with it. Over HTTP/1 the connection ends: who knows what the client takes for its next request.</summary>
    public void Answer(HttpContext context, RejectionMetrics metrics)
    {
        metrics.Rejected(context, EndReason.Refused, Reason);
        context.Response.StatusCode = Status;
        // RFC 9110, 15.5.6: what a client may use instead.
        if (Status == StatusCodes.Status405MethodNotAllowed)
            context.Response.Headers.Allow = Served;
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
    }
}
