using CsCheck;
using OrleansLb.Core.Affinity;

namespace OrleansLb.Core.Tests.Affinity;

public sealed class KeyRingMachineTests
{
    [Fact]
    public void Create_NobodyAcknowledged_HasTwoKeysAndSealsNothing()
    {
        var ring = Create();
        Assert.Equal(2, ring.Keys.Select(static key => key.Id).Distinct().Count());
        Assert.Equal("", ring.SigningKeyId);
    }

    [Fact]
    public void Acknowledge_CurrentKeyKnownToAll_Seals()
    {
        var ring = Create();
        Assert.Same(ring, KeyRingMachine.Acknowledge(ring, []));
        Assert.Same(ring, KeyRingMachine.Acknowledge(ring, [ring.Keys[0].Id]));
        Assert.Equal(ring.Keys[1].Id, KeyRingMachine.Acknowledge(ring, Ids(ring)).SigningKeyId);
    }

    [Fact]
    public void Rotate_Acknowledged_NextBecomesCurrentAndCurrentPrevious()
    {
        var ring = Settled();
        var once = KeyRingMachine.Rotate(ring, Bytes(3, KeyRingMachine.RandomBytesPerKey));
        Assert.Equal([ring.Keys[0].Id, ring.Keys[1].Id], Ids(once)[1..]);
        Assert.Equal(ring.SigningKeyId, once.SigningKeyId);
        var settled = KeyRingMachine.Acknowledge(once, Ids(once));
        Assert.Equal(ring.Keys[0].Id, settled.SigningKeyId);
        var twice = KeyRingMachine.Rotate(settled, Bytes(4, KeyRingMachine.RandomBytesPerKey));
        Assert.Equal(3, twice.Keys.Length);
        Assert.DoesNotContain(ring.Keys[1].Id, Ids(twice));
    }

    [Fact]
    public void Rotate_NotAcknowledged_ChangesNothing()
    {
        var created = Create();
        Assert.Same(created, KeyRingMachine.Rotate(created, Bytes(3, KeyRingMachine.RandomBytesPerKey)));
        var rotated = KeyRingMachine.Rotate(Settled(), Bytes(3, KeyRingMachine.RandomBytesPerKey));
        Assert.Same(rotated, KeyRingMachine.Rotate(rotated, Bytes(4, KeyRingMachine.RandomBytesPerKey)));
    }

    [Fact]
    public void Rotate_SameRandomBytesAgain_KeysStayDistinct()
    {
        var ring = Settled();
        for (var i = 0; i < 5; i++)
        {
            ring = KeyRingMachine.Rotate(ring, Bytes(1, KeyRingMachine.RandomBytesPerKey));
            ring = KeyRingMachine.Acknowledge(ring, Ids(ring));
            Assert.Equal(ring.Keys.Length, Ids(ring).Distinct().Count());
        }
    }

    [Fact]
    public void TheSealingKeyIsInTheRingAndWasKnownToAllWhenItBegan() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Byte).Array[1, 30].Sample(static steps =>
        {
            var (ring, known) = (Create(), new HashSet<string>());
            foreach (var (rotate, allHeard, fill) in steps)
            {
                if (allHeard)
                    known = [.. Ids(ring)];
                var next = rotate ? KeyRingMachine.Rotate(ring, Bytes(fill, KeyRingMachine.RandomBytesPerKey)) : KeyRingMachine.Acknowledge(ring, known);
                if (next.SigningKeyId != ring.SigningKeyId && !known.Contains(next.SigningKeyId))
                    return false;
                if (next.Keys.Length > 3 || (next.SigningKeyId != "" && !Ids(next).Contains(next.SigningKeyId)))
                    return false;
                ring = next;
            }

            return true;
        });

    private static KeyRing Create() => KeyRingMachine.Create([.. Bytes(1, KeyRingMachine.RandomBytesPerKey), .. Bytes(2, KeyRingMachine.RandomBytesPerKey)]);

    private static KeyRing Settled() => KeyRingMachine.Acknowledge(Create(), Ids(Create()));

    private static string[] Ids(KeyRing ring) => [.. ring.Keys.Select(static key => key.Id)];

    private static byte[] Bytes(byte fill, int count) => [.. Enumerable.Repeat(fill, count)];
}
