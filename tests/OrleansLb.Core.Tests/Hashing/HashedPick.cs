using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Tests.Hashing;

/// <summary>A pick of one of the hashing policies over a table that was built.</summary>
internal delegate int HashedPick(HashKey key, ReadOnlySpan<int> places);
