using OrleansLb.Frontend.Http.Health;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Tests.Outcomes;

public sealed class ForwardingFailuresTests
{
    [Theory]
    [InlineData(ForwarderError.Request, true, false)]
    [InlineData(ForwarderError.RequestTimedOut, true, false)]
    [InlineData(ForwarderError.RequestBodyDestination, true, false)]
    [InlineData(ForwarderError.ResponseHeaders, true, true)]
    [InlineData(ForwarderError.ResponseBodyDestination, true, true)]
    [InlineData(ForwarderError.None, false, false)]
    [InlineData(ForwarderError.RequestCanceled, false, false)]
    [InlineData(ForwarderError.RequestBodyCanceled, false, false)]
    [InlineData(ForwarderError.RequestBodyClient, false, false)]
    [InlineData(ForwarderError.ResponseBodyCanceled, false, false)]
    [InlineData(ForwarderError.ResponseBodyClient, false, false)]
    [InlineData(ForwarderError.UpgradeRequestCanceled, false, false)]
    [InlineData(ForwarderError.UpgradeRequestClient, false, false)]
    [InlineData(ForwarderError.UpgradeRequestDestination, false, false)]
    [InlineData(ForwarderError.UpgradeResponseCanceled, false, false)]
    [InlineData(ForwarderError.UpgradeResponseClient, false, false)]
    [InlineData(ForwarderError.UpgradeResponseDestination, false, false)]
    [InlineData(ForwarderError.UpgradeActivityTimeout, false, false)]
    [InlineData(ForwarderError.NoAvailableDestinations, false, false)]
    [InlineData(ForwarderError.RequestCreation, false, false)]
    public void IsOfBackend_CountsWhatTheBackendDid(ForwarderError error, bool beforeTheAnswer, bool afterIt) =>
        Assert.Equal((beforeTheAnswer, afterIt), (ForwardingFailures.IsOfBackend(error, answered: false), ForwardingFailures.IsOfBackend(error, answered: true)));
}
