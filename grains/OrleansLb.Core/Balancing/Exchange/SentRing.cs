namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>The last vectors sent, by sequence.</summary>
internal sealed class SentRing
{
    // At the fastest pace this is longer than a report can be on its way before it is given up.
    private const int Size = 128;

    private readonly SentVector?[] _vectors = new SentVector?[Size];

    public void Add(SentVector vector) => _vectors[vector.Sequence % Size] = vector;

    public SentVector? Find(long sequence) =>
        sequence > 0 && _vectors[sequence % Size] is { } vector && vector.Sequence == sequence ? vector : null;
}
