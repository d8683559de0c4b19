using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing;

/// <summary>What a snapshot makes of many backends at once is what it makes of each.</summary>
public sealed class OutlookLaws
{
    private const int Most = 40;

    private static readonly Gen<int> GenCount = Gen.OneOf(Gen.Int[0, 20], Gen.Int[0, int.MaxValue]);

    private static readonly Gen<Outlook> GenOutlook = Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1], static (requests, connections, reckoning) => new Outlook(3, requests, connections, reckoning));

    [Fact]
    public void LoadsOfManyAreThoseOfEach() =>
        Gen.Select(GenOutlook, GenCount.Array[Most], GenCount.Array[Most], Gen.Double[0, 1e6].Array[0, Most], Gen.Int[0, Most]).Sample(
            static (outlook, requests, connections, own, from) =>
            {
                own = own[..Math.Min(own.Length, Most - from)];
                var loads = new double[own.Length];
                outlook.Loads(View(requests, connections, new int[Most], new int[Most]), from, own, loads);
                Assert.Equal(own.Select((mine, i) => outlook.Load(mine, requests[from + i], connections[from + i])), loads);
            });

    [Fact]
    public void WhatIsKnownOfManyIsWhatIsKnownOfEach() =>
        Gen.Select(GenOutlook, GenCount.Array[Most], GenCount.Array[Most], Gen.Int[0, 20].Array[Most], Gen.Int[0, 20].Array[Most], Gen.Int[0, Most], Gen.Int[0, Most]).Sample(
            static (outlook, requests, connections, ownRequests, ownConnections, from, count) =>
            {
                // A total is a whole number, and the others' part is what is left of it.
                connections = [.. connections.Select(static connection => connection / 2)];
                var known = new double[Math.Min(count, Most - from)];
                outlook.Knowns(View(requests, connections, ownRequests, ownConnections), from, known);
                Assert.Equal(known.Select((_, i) => outlook.Known(requests[from + i], connections[from + i], ownRequests[from + i], ownConnections[from + i])), known);
            });

    [Fact]
    public void Loads_ViewOfFewerBackends_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => Outlook.Blind.Loads(ForeignLoad.None, 0, [1, 2], new double[2]));

    private static ForeignLoad View(int[] requests, int[] connections, int[] ownRequests, int[] ownConnections) =>
        new([], requests, connections, ownRequests, ownConnections, []);
}
