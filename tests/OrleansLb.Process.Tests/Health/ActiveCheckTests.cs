using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Health;

[Collection(SharedClusterCollection.Name)]
public sealed class ActiveCheckTests(ActiveChecks checks) : IClassFixture<ActiveChecks>
{
    [Theory]
    [InlineData("Tcp")]
    [InlineData("HttpBody")]
    [InlineData("HttpStatus")]
    [InlineData("Grpc")]
    [InlineData("Script")]
    public Task Check_FailsAndSucceedsAgain_BothFrontendsAvoidTheBackendAndReturn(string kind) => checks.Story(kind);
}
