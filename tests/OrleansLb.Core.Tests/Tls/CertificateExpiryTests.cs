using CsCheck;
using OrleansLb.Core.Tls;

namespace OrleansLb.Core.Tests.Tls;

public sealed class CertificateExpiryTests
{
    [Theory]
    [InlineData(31, null)]
    [InlineData(30, 30)]
    [InlineData(14.1, 30)]
    [InlineData(14, 14)]
    [InlineData(7, 7)]
    [InlineData(1.5, 7)]
    [InlineData(1, 1)]
    [InlineData(0.001, 1)]
    [InlineData(0, CertificateExpiry.Expired)]
    [InlineData(-5, CertificateExpiry.Expired)]
    public void DaysToSay_TimeLeft_IsTheLeastThatHolds(double daysLeft, int? expected) => Assert.Equal(expected, CertificateExpiry.DaysToSay(TimeSpan.FromDays(daysLeft)));

    [Fact]
    public void ACertificateThatIsLookedAtOftenEnoughIsSpokenOfFiveTimes() =>
        Gen.Double[0.01, 0.9].Sample(static step =>
        {
            int? said = null;
            var all = new List<int>();
            for (var left = 40.0; left > -3; left -= step)
            {
                var now = CertificateExpiry.DaysToSay(TimeSpan.FromDays(left));
                if (!CertificateExpiry.IsNews(said, now))
                    continue;
                said = now;
                all.Add(now!.Value);
            }

            Assert.Equal([30, 14, 7, 1, CertificateExpiry.Expired], all);
        });
}
