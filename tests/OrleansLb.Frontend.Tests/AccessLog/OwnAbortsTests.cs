using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Http.AccessLog;

namespace OrleansLb.Frontend.Tests.AccessLog;

public sealed class OwnAbortsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Request_IsBrokenOffByUs_ItsClientHasNotLeft(bool byReset)
    {
        var (context, server, aborts) = Begin();
        if (byReset)
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(2);
        else
            context.Abort();
        Assert.True(context.RequestAborted.IsCancellationRequested);
        Assert.False(aborts.HasClientLeft);

        aborts.End(context);
        Assert.Same(server, context.Features.Get<IHttpRequestLifetimeFeature>());
        Assert.Same(server, context.Features.Get<IHttpResetFeature>());
    }

    [Fact]
    public void Client_LeavesAndWeBreakItOffForThat_ItHasLeft()
    {
        var (context, server, aborts) = Begin();
        Assert.False(aborts.HasClientLeft);
        server.Abort();
        Assert.True(aborts.HasClientLeft);
        context.Abort();
        Assert.True(aborts.HasClientLeft);
    }

    private static (DefaultHttpContext Context, Server Server, OwnAborts Aborts) Begin()
    {
        var (context, server, aborts) = (new DefaultHttpContext(), new Server(), new OwnAborts());
        context.Features.Set<IHttpRequestLifetimeFeature>(server);
        context.Features.Set<IHttpResetFeature>(server);
        aborts.Begin(context);
        return (context, server, aborts);
    }

    /// <summary>Cancels at once, where the real one may take a moment.</summary>
    private sealed class Server : IHttpRequestLifetimeFeature, IHttpResetFeature
    {
        private bool _isAborted;

        public CancellationToken RequestAborted
        {
            get => new CancellationToken(_isAborted);
            set => throw new NotSupportedException();
        }

        public void Abort() => _isAborted = true;

        public void Reset(int errorCode) => _isAborted = true;
    }
}
