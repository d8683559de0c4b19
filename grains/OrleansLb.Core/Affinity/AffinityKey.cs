using System.Collections.Immutable;

namespace OrleansLb.Core.Affinity;

/// <summary>One key of the affinity cookie.</summary>
/// <param name="Id">Short id carried in the cookie, of letters and digits.</param>
/// <param name="Secret">256-bit AES key.</param>
public sealed record AffinityKey(string Id, ImmutableArray<byte> Secret);
