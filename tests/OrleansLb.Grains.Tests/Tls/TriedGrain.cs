namespace OrleansLb.Grains.Tests.Tls;

[GrainType("tried")]
internal sealed class TriedGrain : Grain, ITriedGrain
{
    private int _calls;

    public ValueTask<int> CallAnother() => GrainFactory.GetGrain<ITriedGrain>($"{this.GetPrimaryKeyString()}'s other").OfSilos();

    public ValueTask<int> OfSilos() => new(++_calls);

    public ValueTask<int> OfNobody() => new(++_calls);
}
