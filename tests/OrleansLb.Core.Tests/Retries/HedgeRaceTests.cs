using CsCheck;
using OrleansLb.Core.Retries;

namespace OrleansLb.Core.Tests.Retries;

public sealed class HedgeRaceTests
{
    /// <summary>What happens next: which attempt does something, whether it is a head or an end, and whether the head is a wanted one.</summary>
    private static readonly Gen<(int Attempt, bool IsHead, bool IsWanted)[]> Steps = Gen.Select(Gen.Int[0, 1], Gen.Bool, Gen.Bool).Array[0, 8];

    /// <summary>Whatever the order, and whenever the second joins: exactly one attempt gives the answer, the other one's head is thrown away, and only a wanted head or the last one wins.</summary>
    [Fact]
    public void Race_WhateverHappens_ExactlyOneAttemptGivesTheAnswer() => Gen.Select(Steps, Gen.Int[0, 3]).Sample(static (steps, joinsAt) =>
    {
        var race = new HedgeRace();
        var (joined, taken, stood) = (false, 0, 0);
        bool[] hasHead = [false, false], hasEnded = [false, false], gaveWay = [false, false];
        for (var i = 0; i < steps.Length; i++)
        {
            if (i == joinsAt)
            {
                var isOpen = taken + stood == 0;
                Assert.Equal(isOpen, joined = race.TryJoin());
            }

            var (attempt, isHead, isWanted) = steps[i];
            if (hasEnded[attempt] || (attempt == HedgeRace.Second && !joined) || (isHead && hasHead[attempt]))
                continue;
            var isAlone = !joined || hasEnded[1 - attempt] || gaveWay[1 - attempt];
            if (isHead)
                Head(attempt, isWanted, isAlone);
            else
                End(attempt, isAlone);
        }

        foreach (var attempt in joined ? [HedgeRace.First, HedgeRace.Second] : (int[])[HedgeRace.First])
        {
            if (!hasEnded[attempt])
                End(attempt, !joined || hasEnded[1 - attempt] || gaveWay[1 - attempt]);
        }

        Assert.Equal((1, joined), (taken + stood, race.HasJoined));
        Assert.Equal(taken == 1, race.Winner >= 0);
        Assert.True(race.Giving >= 0);

        void Head(int attempt, bool isWanted, bool isAlone)
        {
            hasHead[attempt] = true;
            var isExpected = taken + stood == 0 && (isWanted || isAlone);
            gaveWay[attempt] = taken + stood == 0 && !isExpected;
            Assert.Equal(isExpected, race.TryWin(attempt, isWanted));
            taken += isExpected ? 1 : 0;
        }

        void End(int attempt, bool isAlone)
        {
            hasEnded[attempt] = true;
            var isExpected = taken + stood == 0 && isAlone;
            Assert.Equal(isExpected, race.End(attempt));
            stood += isExpected ? 1 : 0;
        }
    }, iter: 20_000);

    [Fact]
    public async Task Race_BothAtOnce_ExactlyOneGivesTheAnswer()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var race = new HedgeRace();
            Assert.True(race.TryJoin());
            var kind = i % 3;
            var second = Task.Run(() => Finish(race, HedgeRace.Second, kind), TestContext.Current.CancellationToken);
            var first = Finish(race, HedgeRace.First, kind);
            Assert.Equal(1, first + await second);
        }
    }

    /// <summary>A head and the end, or only the end; how often the answer was this attempt's.</summary>
    private static int Finish(HedgeRace race, int attempt, int kind)
    {
        var isTaken = kind < 2 && race.TryWin(attempt, isWanted: kind == 0);
        return (isTaken ? 1 : 0) + (race.End(attempt) ? 1 : 0);
    }
}
