using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Tests.Status;

public class StatusOptionsValidatorTests
{
    [Theory]
    [InlineData("http://localhost:8090")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.1.2.3:80")]
    [InlineData("http://[::1]:8090")]
    public void Validate_Loopback_HasNoError(string url) => Assert.True(Validate(url, allowRemote: false).Succeeded);

    [Theory]
    [InlineData("http://0.0.0.0:8090")]
    [InlineData("http://[::]:8090")]
    [InlineData("http://*:8090")]
    [InlineData("http://+:8090")]
    [InlineData("http://10.0.0.1:8090")]
    [InlineData("http://lb.example:8090")]
    public void Validate_Reachable_NeedsPermission(string url)
    {
        Assert.Contains("OrleansLb:Status:AllowRemote=true", Validate(url, allowRemote: false).FailureMessage, StringComparison.Ordinal);
        Assert.True(Validate(url, allowRemote: true).Succeeded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:8090")]
    [InlineData("https://localhost:8090")]
    [InlineData("http://localhost:8090/path")]
    [InlineData("http://localhost:port")]
    public void Validate_NotAnAddress_Fails(string url) =>
        Assert.Contains("OrleansLb:Status:Url", Validate(url, allowRemote: true).FailureMessage, StringComparison.Ordinal);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(string url, bool allowRemote) =>
        new StatusOptionsValidator().Validate(null, new StatusOptions { Url = url, AllowRemote = allowRemote });
}
