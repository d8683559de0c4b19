using System.Globalization;
using System.Text;

namespace OrleansLb.Testing.Mutants;

/// <summary>A good file that was damaged. Its seed and number make it again.</summary>
/// <param name="Seed">Seed of all of them.</param>
/// <param name="Number">Its own number.</param>
/// <param name="Damage">What was done to it.</param>
/// <param name="Content">What the file holds.</param>
public sealed record Mutant(int Seed, int Number, string Damage, byte[] Content)
{
    private const int MostShown = 10_000;

    /// <summary>Everything that is needed to see what went wrong with it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"mutant {Number} of seed {Seed} ({Damage}), {Content.Length} bytes:\n{Encoding.UTF8.GetString(Content.AsSpan(0, Math.Min(Content.Length, MostShown)))}");
}
