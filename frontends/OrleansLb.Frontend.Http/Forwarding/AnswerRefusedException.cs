using OrleansLb.Core.Http1;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>A backend's answer is none that may be passed on.</summary>
internal sealed class AnswerRefusedException(Http1Fault fault)
    : HttpRequestException(ErrorOf(fault), $"The backend's answer was refused: {fault}.")
{
    public Http1Fault Fault { get; } = fault;

    private static HttpRequestError ErrorOf(Http1Fault fault) => fault switch
    {
        Http1Fault.EndedEarly => HttpRequestError.ResponseEnded,
        Http1Fault.HeadTooLarge => HttpRequestError.ConfigurationLimitExceeded,
        _ => HttpRequestError.InvalidResponse,
    };
}
