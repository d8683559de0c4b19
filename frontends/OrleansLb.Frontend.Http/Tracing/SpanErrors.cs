using System.Globalization;
using OrleansLb.Core.AccessLog;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>What spans say of failures: the reasons of the access log, so that one word leads from the one to the other.</summary>
internal static class SpanErrors
{
    public const string Attribute = "error.type";

    /// <summary>The reason's code; <see langword="null"/> for a request that ended as it should.</summary>
    public static string? TypeOf(EndReason reason) => reason is EndReason.Ok or EndReason.Redirected or EndReason.Answered ? null : EndReasonCodes.TextOf(reason);

    /// <summary>A status that says by itself that something failed.</summary>
    public static string TypeOf(int status) => status.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a server has failed a request, be it by an answer that is not whole; what a client does wrong is no failure of it.</summary>
    public static bool IsOfServer(EndReason reason, int status) => status >= 500
        || reason is EndReason.AnswerBroken or EndReason.AnswerTimeout or EndReason.AnswerRefused or EndReason.TunnelTimeout or EndReason.RouteTimeout or EndReason.Drained or EndReason.Failed;
}
