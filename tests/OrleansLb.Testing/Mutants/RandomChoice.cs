namespace OrleansLb.Testing.Mutants;

/// <summary>One of several.</summary>
internal static class RandomChoice
{
    public static T Of<T>(this Random random, IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
