namespace OrleansLb.Testing.Mutants;

/// <summary>Damaged copies of good configuration files: as many as there are numbers, the same for the same seed in every process.</summary>
/// <param name="seed">Decides all of them.</param>
/// <param name="good">The files.</param>
public sealed class MutantFiles(int seed, params IReadOnlyList<byte[]> good)
{
    private const int MostDamages = 4;

    // Of ten, so many are damaged without regard to what they say. The others have to be understood before they can be refused.
    private const int OfBytes = 3;

    /// <summary>The mutant of that number.</summary>
    /// <param name="number">From 0.</param>
    public Mutant this[int number]
    {
        get
        {
            // Not HashCode, which is another one in each process.
            var random = new Random(unchecked((seed * 1_000_003) + number));
            var content = random.Of(good);
            var ofBytes = random.Next(10) < OfBytes;
            var damages = new List<string>();
            for (var left = 1 + random.Next(MostDamages); left > 0; left--)
                damages.Add(!ofBytes && JsonMembers.Of(content) is { Count: > 0 } members ? MemberDamages.Do(ref content, members, random) : ByteDamages.Do(ref content, random));
            return new Mutant(seed, number, string.Join(", ", damages), content);
        }
    }
}
