using OrleansLb.Core.Acme;

namespace OrleansLb.Core.Tests.Acme;

public sealed class OrderMachineTests
{
    private static readonly Uri Finalize = new("https://ca.example/order/1/finalize");
    private static readonly Uri Certificate = new("https://ca.example/certificate/1");

    [Theory]
    [InlineData("ready", OrderStepKind.Finalize)]
    [InlineData("processing", OrderStepKind.Wait)]
    [InlineData("valid", OrderStepKind.Download)]
    [InlineData("invalid", OrderStepKind.Fail)]
    [InlineData("strange", OrderStepKind.Fail)]
    public void Next_OrderThatIsProven_FollowsItsStatus(string status, OrderStepKind expected) => Assert.Equal(expected, OrderMachine.Next(Order(status), []).Kind);

    [Fact]
    public void Next_ValidWithoutACertificate_IsGivenUp() => Assert.Equal(OrderStepKind.Fail, OrderMachine.Next(Order("valid") with { Certificate = null }, []).Kind);

    [Fact]
    public void Next_Pending_AnswersEachChallengeThatIsPendingOnce()
    {
        AcmeAuthorization[] all = [Authorization("a"), Authorization("b", challenge: "processing"), Authorization("c", status: "valid", challenge: "valid")];

        var step = OrderMachine.Next(Order("pending"), all);

        Assert.Equal((OrderStepKind.Answer, new Uri("https://ca.example/challenge/a")), (step.Kind, Assert.Single(step.Challenges)));
        Assert.Equal(["token-a", "token-b"], OrderMachine.Tokens(all));
        Assert.Equal(OrderStepKind.Wait, OrderMachine.Next(Order("pending"), all[1..]).Kind);
    }

    [Fact]
    public void Next_OneNameIsRefused_SaysWhichAndWhy()
    {
        var refused = Authorization("b.example", status: "invalid", challenge: "invalid", new AcmeProblem("urn:ietf:params:acme:error:unauthorized", "404 instead of the answer"));

        var step = OrderMachine.Next(Order("pending"), [Authorization("a"), refused]);

        Assert.Equal((OrderStepKind.Fail, "unauthorized: b.example: 404 instead of the answer"), (step.Kind, step.Problem!.ToString()));
        Assert.Equal(step.Problem, OrderMachine.Next(Order("invalid"), [Authorization("a"), refused]).Problem);
    }

    [Theory]
    [InlineData("dns-01", "token")]
    [InlineData("http-01", null)]
    [InlineData("http-01", "")]
    [InlineData("http-01", "../../etc/passwd")]
    [InlineData("http-01", "a b")]
    public void Next_NoChallengeThatCanBeAnswered_IsGivenUp(string type, string? token)
    {
        AcmeAuthorization[] all = [new("pending", AcmeIdentifier.Dns("a"), [new AcmeChallenge(type, "pending", new Uri("https://ca.example/challenge"), token)])];

        Assert.Equal(OrderStepKind.Fail, OrderMachine.Next(Order("pending"), all).Kind);
        Assert.Empty(OrderMachine.Tokens(all));
    }

    [Theory]
    [InlineData("urn:ietf:params:acme:error:rateLimited", "rateLimited")]
    [InlineData("urn:ietf:params:acme:error:invented", "other")]
    [InlineData("about:blank", "other")]
    [InlineData(null, "other")]
    public void Kind_OfAProblem_IsOneOfTheStandard(string? type, string expected) => Assert.Equal(expected, new AcmeProblem(type).Kind);

    [Fact]
    public void Text_OfAProblem_IsOneShortLine()
    {
        var text = new AcmeProblem(Detail: "first\r\nsecond\u001b[31m" + new string('x', 10_000)).ToString();

        Assert.StartsWith("other: first  second [31m", text, StringComparison.Ordinal);
        Assert.True(text.Length < 520);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"status":"pending"}""")]
    [InlineData("""{"status":null,"authorizations":[],"finalize":"https://ca.example/"}""")]
    [InlineData("""{"status":"pending","authorizations":[],"finalize":7}""")]
    public void Read_WhatIsNoOrder_IsRefused(string document) => Assert.Throws<InvalidDataException>(() => AcmeJson.Read(System.Text.Encoding.UTF8.GetBytes(document), AcmeJson.Default.AcmeOrder));

    private static AcmeOrder Order(string status) => new(status, [], Finalize, Certificate);

    private static AcmeAuthorization Authorization(string host, string status = "pending", string challenge = "pending", AcmeProblem? error = null) => new(
        status,
        AcmeIdentifier.Dns(host),
        [
            new AcmeChallenge("dns-01", "pending", new Uri($"https://ca.example/dns/{host}"), "other-token"),
            new AcmeChallenge("http-01", challenge, new Uri($"https://ca.example/challenge/{host}"), $"token-{host}", error),
        ]);
}
