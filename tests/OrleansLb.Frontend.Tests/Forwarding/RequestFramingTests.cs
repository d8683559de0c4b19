using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Http.Forwarding;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>How the body of a request goes out, by what the server and its head say of it.</summary>
public sealed class RequestFramingTests
{
    [Theory]
    [InlineData(true, 5, true)]
    [InlineData(true, 0, true)]
    [InlineData(false, 0, true)]
    [InlineData(false, null, true)]
    [InlineData(false, 5, false)]
    public void Length_WithoutABody_IsLeft(bool hasBody, int? length, bool isOurs)
    {
        var context = new DefaultHttpContext { Request = { ContentLength = length } };
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new Detection(hasBody));
        Assert.Equal(isOurs, RequestFraming.Of(context) is not null);
    }

    private sealed class Detection(bool hasBody) : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => hasBody;
    }
}
