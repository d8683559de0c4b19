using CsCheck;
using OrleansLb.Chaos.Load;

namespace OrleansLb.Simulation.Tests.Chaos;

/// <summary>Whether a limit was exceeded, found fast and found by looking at every interval.</summary>
public sealed class EnvelopeTests
{
    private const double Burst = 3;
    private const double Rate = 5;

    private static readonly Uri Target = new("http://127.0.0.1:1/limited/0");

    private static readonly Gen<RequestOutcome[]> Admitted = Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 900])
        .Select(static (at, took) => Admission(at, took)).Array[0, 60];

    [Fact]
    public void WorstExcess_Any_IsThatOfTheWorstOfAllIntervals() => Admitted.Sample(static admitted =>
        Assert.Equal(ByLookingAtAll(admitted), Envelope.WorstExcess(admitted, Burst, Rate), 6));

    [Fact]
    public void WorstExcess_BurstThenItsRate_IsNone()
    {
        RequestOutcome[] exact = [Admission(0, 0), Admission(0, 0), Admission(0, 0), .. Enumerable.Range(1, 200).Select(static number => Admission(number * 200, 0))];
        Assert.Equal(0, Envelope.WorstExcess(exact, Burst, Rate), 6);
        Assert.Equal(1, Envelope.WorstExcess([.. exact, Admission(20_000, 0)], Burst, Rate), 6);
    }

    [Fact]
    public void WorstExcess_HoursOfRequests_IsFoundInSeconds()
    {
        var admitted = Enumerable.Range(0, 200_000).Select(static number => Admission(number * 200, number % 500)).ToArray();
        Assert.True(Envelope.WorstExcess(admitted, Burst, Rate) <= 0, "It was exceeded.");
    }

    private static double ByLookingAtAll(RequestOutcome[] admitted)
    {
        var worst = double.NegativeInfinity;
        foreach (var from in admitted.Select(static outcome => outcome.At))
        {
            foreach (var to in admitted.Select(static outcome => outcome.AnsweredAt))
            {
                var count = admitted.Count(outcome => outcome.At >= from && outcome.AnsweredAt <= to);
                if (count > 0)
                    worst = Math.Max(worst, count - Burst - (Rate * (to - from).TotalSeconds));
            }
        }

        return worst;
    }

    private static RequestOutcome Admission(int at, int took) =>
        new(TimeSpan.FromMilliseconds(at), TimeSpan.FromMilliseconds(took), Target, 200, "b1", Error: null);
}
