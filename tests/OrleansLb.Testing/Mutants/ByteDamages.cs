namespace OrleansLb.Testing.Mutants;

/// <summary>What happens to files in transit and in editors: bits flip, ends are missing, pieces are twice there. The result is seldom JSON.</summary>
internal static class ByteDamages
{
    private const int LongestPiece = 200;
    private const int MostFlips = 8;

    private static readonly (string Name, Func<byte[], Random, byte[]> Do)[] All =
    [
        ("bits flipped", Flip),
        ("truncated", static (content, random) => content[..random.Next(content.Length + 1)]),
        ("a piece left out", LeaveOut),
        ("a piece put elsewhere too", Copy),
        ("odd bytes put in", static (content, random) => PutIn(content, random.Next(content.Length + 1), random.Of(OddJson.Bytes))),
        ("a piece of noise", Noise),
        ("head and tail of two places", static (content, random) => [.. content[..random.Next(content.Length + 1)], .. content[random.Next(content.Length + 1)..]]),
        ("another file", static (_, random) => random.Of(OddJson.Files)),
    ];

    public static string Do(ref byte[] content, Random random)
    {
        var (name, damage) = random.Of(All);
        content = damage(content, random);
        return name;
    }

    private static byte[] Flip(byte[] content, Random random)
    {
        var flipped = content.ToArray();
        for (var left = flipped.Length == 0 ? 0 : 1 + random.Next(MostFlips); left > 0; left--)
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static byte[] LeaveOut(byte[] content, Random random)
    {
        var (start, end) = Piece(content, random);
        return [.. content[..start], .. content[end..]];
    }

    private static byte[] Copy(byte[] content, Random random)
    {
        var (start, end) = Piece(content, random);
        return PutIn(content, random.Next(content.Length + 1), content[start..end]);
    }

    private static byte[] PutIn(byte[] content, int at, byte[] bytes) => [.. content[..at], .. bytes, .. content[at..]];

    private static byte[] Noise(byte[] content, Random random)
    {
        var (start, end) = Piece(content, random);
        var noisy = content.ToArray();
        random.NextBytes(noisy.AsSpan(start..end));
        return noisy;
    }

    private static (int Start, int End) Piece(byte[] content, Random random)
    {
        var start = random.Next(content.Length + 1);
        return (start, Math.Min(content.Length, start + random.Next(LongestPiece)));
    }
}
