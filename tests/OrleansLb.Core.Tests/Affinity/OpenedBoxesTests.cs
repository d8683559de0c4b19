using CsCheck;
using OrleansLb.Core.Affinity;

namespace OrleansLb.Core.Tests.Affinity;

public sealed class OpenedBoxesTests
{
    private const int Content = 20;

    private static readonly Gen<byte[]> GenBox = Gen.Byte.Array[SealingKey.NonceLength + Content + SealingKey.TagLength];

    [Fact]
    public void Box_IsKnownFromItsSecondOpeningOn() => Gen.Select(GenBox, Gen.Byte.Array[0, 30], Gen.Byte.Array[Content]).Sample(static (box, bound, content) =>
    {
        var opened = new OpenedBoxes();
        var found = new byte[Content];
        opened.Opened(box, bound, content);
        var isKnownAtOnce = opened.TryFind(box, bound, found);
        opened.Opened(box, bound, content);
        return !isKnownAtOnce && opened.TryFind(box, bound, found) && found.SequenceEqual(content);
    });

    [Fact]
    public void Box_ThatDiffersAnywhere_IsUnknown() => Gen.Select(GenBox, Gen.Byte.Array[1, 30], Gen.Int[0, 1_000], Gen.Byte[1, 255]).Sample(static (box, bound, place, change) =>
    {
        var opened = new OpenedBoxes();
        var found = new byte[Content];
        for (var i = 0; i < 2; i++)
            opened.Opened(box, bound, found);
        byte[] other = [.. box];
        byte[] otherBound = [.. bound];
        other[place % box.Length] ^= change;
        otherBound[place % bound.Length] ^= change;
        return !opened.TryFind(other, bound, found) && !opened.TryFind(box, otherBound, found) && !opened.TryFind(box, bound.AsSpan(1), found);
    });

    /// <summary>However many there are, each that is found holds what it held.</summary>
    [Fact]
    public void Boxes_OfTheSamePlace_AreNotMistakenForEachOther()
    {
        var opened = new OpenedBoxes();
        var boxes = Enumerable.Range(0, 300).Select(static number => BoxAtOnePlace(number)).ToList();
        foreach (var box in boxes)
        {
            opened.Opened(box, [], box.AsSpan(0, Content));
            opened.Opened(box, [], box.AsSpan(0, Content));
        }

        var found = new byte[Content];
        var known = boxes.Where(box => opened.TryFind(box, [], found) && found.AsSpan().SequenceEqual(box.AsSpan(0, Content))).ToList();
        Assert.Equal([boxes[^1]], known);
    }

    private static byte[] BoxAtOnePlace(int number)
    {
        var box = new byte[SealingKey.NonceLength + Content + SealingKey.TagLength];
        BitConverter.TryWriteBytes(box, number);
        // The place is of the first bits of the last eight bytes.
        BitConverter.TryWriteBytes(box.AsSpan(box.Length - sizeof(int)), number);
        return box;
    }
}
