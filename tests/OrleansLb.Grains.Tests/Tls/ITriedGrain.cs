using OrleansLb.Contracts;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>What a front-end may try to call.</summary>
[Alias("OrleansLb.Tests.ITriedGrain"), GrainInterfaceType("OrleansLb.Tests.ITriedGrain")]
public interface ITriedGrain : IGrainWithStringKey
{
    /// <summary>Is for front-ends.</summary>
    /// <returns>How often another grain was called that is not.</returns>
    [Alias("CallAnother"), CalledBy(Caller.Frontend)]
    ValueTask<int> CallAnother();

    /// <summary>Is for silos.</summary>
    /// <returns>How often it was called.</returns>
    [Alias("OfSilos"), CalledBy(Caller.Silo)]
    ValueTask<int> OfSilos();

    /// <summary>Is for nobody knows whom.</summary>
    [Alias("OfNobody")]
    ValueTask<int> OfNobody();
}
