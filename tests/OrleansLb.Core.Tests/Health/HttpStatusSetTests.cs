using CsCheck;
using OrleansLb.Core.Health;

namespace OrleansLb.Core.Tests.Health;

public sealed class HttpStatusSetTests
{
    [Theory]
    [InlineData("200", "200", 200, 201)]
    [InlineData("200-299,401", "200-299,401", 401, 400)]
    [InlineData(" 404 , 500 - 599 ", "404,500-599", 503, 403)]
    [InlineData("599,200-200", "599,200", 599, 300)]
    public void TryParse_Set_HoldsWhatIsWritten(string text, string written, int inside, int outside)
    {
        Assert.True(HttpStatusSet.TryParse(text, out var set));
        Assert.Equal(written, set.ToString());
        Assert.True(set.Contains(inside));
        Assert.False(set.Contains(outside));
        Assert.False(set.Contains(0));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("200,")]
    [InlineData("20")]
    [InlineData("199")]
    [InlineData("600")]
    [InlineData("299-200")]
    [InlineData("200-")]
    [InlineData("-299")]
    [InlineData("200-250-299")]
    [InlineData("2xx")]
    [InlineData("+200")]
    [InlineData("99999999999")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(HttpStatusSet.TryParse(text, out _));

    [Fact]
    public void TryParse_WhatASetWrites_IsTheSameSet() =>
        Gen.Select(Gen.Int[200, 599], Gen.Int[0, 50]).Array[1, 8].Sample(static ranges =>
        {
            var text = string.Join(',', ranges.Select(static range => $"{range.Item1}-{Math.Min(range.Item1 + range.Item2, 599)}"));
            Assert.True(HttpStatusSet.TryParse(text, out var set));
            Assert.True(HttpStatusSet.TryParse(set.ToString(), out var again));
            Assert.Equal(set, again);
            for (var status = 100; status < 700; status++)
                Assert.Equal(ranges.Any(range => status >= range.Item1 && status <= Math.Min(range.Item1 + range.Item2, 599)), set.Contains(status));
        });
}
