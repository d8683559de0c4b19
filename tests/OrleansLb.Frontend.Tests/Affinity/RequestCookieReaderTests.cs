using Microsoft.Extensions.Primitives;
using OrleansLb.Frontend.Http.Affinity;

namespace OrleansLb.Frontend.Tests.Affinity;

public sealed class RequestCookieReaderTests
{
    [Theory]
    [InlineData("lb=1", "1", "")]
    [InlineData(" lb=1 ;x=2;lb=3", "1|3", "x=2")]
    [InlineData("lbx=1; xlb=2; LB=3; lb", "", "lbx=1; xlb=2; LB=3; lb")]
    [InlineData("a=lb=1; lb=b=c", "b=c", "a=lb=1")]
    [InlineData("lb=;;; ;lb=\"q\"", "|\"q\"", "")]
    [InlineData("", "", "")]
    public void Cookies_OfOneName_AreReadAndLeftOut(string header, string values, string without)
    {
        Assert.Equal(values, string.Join('|', Read(header)));
        Assert.Equal(without, RequestCookieReader.Without(header, "lb").ToString());
    }

    [Fact]
    public void Cookies_InSeveralHeaders_AreReadInOrder()
    {
        StringValues headers = new(["a=1; lb=2", "lb=3", null, "b=4"]);
        Assert.Equal(["2", "3"], Read(headers));
        Assert.Equal("a=1; b=4", RequestCookieReader.Without(headers, "lb").ToString());
    }

    private static List<string> Read(StringValues headers)
    {
        var values = new List<string>();
        var reader = new RequestCookieReader(headers, "lb");
        while (reader.MoveNext())
            values.Add(reader.Value.ToString());
        return values;
    }
}
