namespace OrleansLb.Core.Hashing;

/// <summary>Says of a place in a request's list of candidates whether it may be taken; one that may not is walked past like an ineligible backend.</summary>
internal interface IPlaceFilter
{
    /// <param name="place">0 or more, as it stands in the places; not necessarily below the length of other lists.</param>
    bool Admits(int place);
}
