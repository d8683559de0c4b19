namespace OrleansLb.Core.Hashing;

/// <summary>
/// Fills a Maglev table: backends take turns, and each takes in its turn the first free entry of its own permutation of the table. A backend's n-th turn
/// comes at n / weight, whoever else is there; that gives entries by weight, and leaves the order of the others' turns as it
/// was when a backend comes or goes, which keeps most entries where they were. Integers only: every process fills alike.
/// </summary>
internal static class MaglevFilling
{
    private const int Free = -1;
    private const int MostBackends = 5_000_000;

    internal static int[] Fill(ReadOnlySpan<WeightedBackend> backends)
    {
        if (backends.IsEmpty)
            return [];
        var table = new int[Primes.AtLeast(SizeFor(backends.Length))];
        Array.Fill(table, Free);
        var owners = HashOwners.Of(backends);
        var takers = new MaglevTaker[owners.Length];
        var weights = new int[owners.Length];
        for (var i = 0; i < owners.Length; i++)
        {
            takers[i] = new MaglevTaker(owners[i], backends[owners[i]].Key, table.Length);
            weights[i] = Math.Max(1, backends[owners[i]].Weight);
        }

        // The first turns come all at the beginning, so that the lightest backend has an entry however heavy the others are.
        var turns = new WeightedTurns(weights, beginInTheMiddle: false);
        for (var taken = 0; taken < table.Length; taken++)
            takers[turns.Next()].TakeNext(table);
        return table;
    }

    private static int SizeFor(int backends) =>
        backends <= MaglevTable.SmallSize / MaglevTable.EntriesPerBackend ? MaglevTable.SmallSize : RoundedUp(backends) * MaglevTable.EntriesPerBackend;

    private static int RoundedUp(int backends)
    {
        for (var decade = 1_000; ; decade *= 10)
        {
            ReadOnlySpan<int> steps = [decade, 2 * decade, 5 * decade];
            foreach (var step in steps)
            {
                if (step >= backends || step >= MostBackends)
                    return step;
            }
        }
    }
}
