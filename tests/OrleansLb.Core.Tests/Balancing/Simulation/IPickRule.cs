using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Simulation;

internal interface IPickRule
{
    int Pick(ForeignLoad view, int[] own, double[] weights, TimeSpan now, ref PickRandom random);
}
