namespace OrleansLb.Core.Hashing;

/// <summary>Every eligible backend may be taken.</summary>
internal readonly struct AnyPlace : IPlaceFilter
{
    public bool Admits(int place) => true;
}
