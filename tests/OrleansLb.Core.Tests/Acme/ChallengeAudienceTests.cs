using CsCheck;
using OrleansLb.Core.Acme;

namespace OrleansLb.Core.Tests.Acme;

public sealed class ChallengeAudienceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Knows_UntilAllSaySo_IsFalse()
    {
        var audience = new ChallengeAudience();
        audience.Publish("new", TimeSpan.Zero);
        audience.Hear("a", "new", 3 * Second);
        audience.Hear("b", "old", 3 * Second);
        Assert.False(audience.Knows(3 * Second));

        audience.Hear("b", "new", 4 * Second);
        Assert.True(audience.Knows(4 * Second));

        audience.Publish("newer", 5 * Second);
        Assert.False(audience.Knows(8 * Second));
    }

    [Fact]
    public void Knows_SomebodyIsSilent_IsNotWaitedFor()
    {
        var audience = new ChallengeAudience();
        audience.Publish("new", TimeSpan.Zero);
        audience.Hear("a", "old", Second);
        audience.Hear("b", "new", 5 * Second);

        Assert.False(audience.Knows(5 * Second));
        Assert.True(audience.Knows(6 * Second));
    }

    [Fact]
    public void Knows_JustPublishedOrNobodyThere_IsFalse()
    {
        var audience = new ChallengeAudience();
        Assert.False(audience.Knows(10 * Second));

        audience.Publish("new", 10 * Second);
        audience.Hear("a", "new", 10 * Second);
        Assert.False(audience.Knows(11 * Second));
        Assert.True(audience.Knows(12 * Second));
        Assert.False(audience.IsThere(20 * Second));
    }

    /// <summary>Whoever asks once a second is known before anybody is told to ask him, however the activation came to be.</summary>
    [Fact]
    public void NoFrontendThatAsksOnceASecondIsOverlooked() =>
        Gen.Select(Gen.Double[0, 1].Array[1, 5], Gen.Double[0, 3], Gen.Int[0, 4]).Sample(static (phases, published, late) =>
        {
            var (audience, has) = (new ChallengeAudience(), phases.Select(static _ => "").ToArray());
            for (var tick = 0; tick < 200; tick++)
            {
                var (now, isOut) = (TimeSpan.FromSeconds(tick * 0.1), tick * 0.1 >= published);
                if (isOut)
                    audience.Publish("new", now);
                for (var frontend = 0; frontend < phases.Length; frontend++)
                {
                    // One of them is told a turn later, as when a message is lost.
                    if ((tick + (int)(phases[frontend] * 10)) % 10 != 0)
                        continue;
                    audience.Hear($"{frontend}", has[frontend], now);
                    has[frontend] = isOut && (frontend != late || tick * 0.1 >= published + 1) ? "new" : has[frontend];
                }

                if (isOut && audience.Knows(now) && has.Any(static one => one != "new"))
                    return false;
            }

            return audience.Knows(TimeSpan.FromSeconds(20));
        });
}
