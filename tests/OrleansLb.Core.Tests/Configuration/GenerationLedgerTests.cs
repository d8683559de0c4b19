using CsCheck;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Tests.Configuration;

public sealed class GenerationLedgerTests
{
    private static readonly Gen<BackendAddress[]> Backends =
        Gen.Select(Gen.Char["pq"], Gen.Char["abc"], Gen.Char["123"])
            .Array[0, 6]
            .Select(static backends => backends
                .Select(static backend => new BackendAddress(backend.Item1.ToString(), backend.Item2.ToString(), backend.Item3.ToString()))
                .DistinctBy(static backend => (backend.PoolId, backend.BackendId))
                .ToArray());

    [Fact]
    public void Advance_AddressKept_KeepsGeneration()
    {
        var first = GenerationLedger.Empty.Advance(1, [new("p", "a", "http://one/")]);
        var second = first.Advance(2, [new("p", "a", "http://one/"), new("p", "b", "http://two/")]);

        Assert.Equal([1, 2], second.Backends.Select(backend => backend.Generation));
    }

    [Fact]
    public void Advance_AddressChanges_RaisesGeneration()
    {
        var ledger = GenerationLedger.Empty.Advance(1, [new("p", "a", "http://one/")]).Advance(5, [new("p", "a", "http://two/")]);

        Assert.Equal(5, Assert.Single(ledger.Backends).Generation);
    }

    [Fact]
    public void Advance_IdReturnsWithTheSameAddress_RaisesGeneration()
    {
        var ledger = GenerationLedger.Empty.Advance(1, [new("p", "a", "http://one/")]).Advance(2, []).Advance(3, [new("p", "a", "http://one/")]);

        Assert.Equal(3, Assert.Single(ledger.Backends).Generation);
    }

    [Fact]
    public void GenerationNamesOneAddressForEver() =>
        Backends.List[1, 12].Sample(static steps =>
        {
            var ledger = GenerationLedger.Empty;
            var addresses = new Dictionary<(string, string, int), string>();
            for (var version = 1; version <= steps.Count; version++)
            {
                ledger = ledger.Advance(version, steps[version - 1]);
                foreach (var backend in ledger.Backends)
                {
                    var identity = (backend.PoolId, backend.BackendId, backend.Generation);
                    Assert.Equal(backend.Address, addresses.TryGetValue(identity, out var known) ? known : backend.Address);
                    addresses[identity] = backend.Address;
                }
            }
        });

    [Fact]
    public void AdvanceIsIdempotent() =>
        Gen.Select(Backends, Backends).Sample(static (before, after) =>
        {
            var once = GenerationLedger.Empty.Advance(1, before).Advance(2, after);
            Assert.Equal(once, once.Advance(2, after));
            Assert.Equal(once, once.Advance(3, after));
        });

    [Fact]
    public void LedgerHoldsExactlyWhatIsConfigured() =>
        Gen.Select(Backends, Backends).Sample(static (before, after) =>
        {
            var ledger = GenerationLedger.Empty.Advance(1, before).Advance(2, after);
            var held = ledger.Backends.Select(static backend => new BackendAddress(backend.PoolId, backend.BackendId, backend.Address));
            Assert.Equal(after.OrderBy(static b => b.PoolId, StringComparer.Ordinal).ThenBy(static b => b.BackendId, StringComparer.Ordinal), held);
        });
}
