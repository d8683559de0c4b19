namespace OrleansLb.Configuration;

/// <summary>Finds the name that a misspelt one was probably meant to be.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>The known name within a third of the wrong one's length in edits, nearest first; <see langword="null"/> when none is.</summary>
    public static string? To(string wrong, IEnumerable<string> known)
    {
        if (wrong.Length > LongestName)
            return null;
        var nearest = known
            .Where(static name => name.Length <= LongestName)
            .Select(name => (Name: name, Edits: Edits(wrong, name)))
            .OrderBy(static candidate => candidate.Edits)
            .FirstOrDefault((Name: "", Edits: int.MaxValue));
        return nearest.Edits <= wrong.Length / 3 ? nearest.Name : null;
    }

    /// <summary>Levenshtein distance without regard to case, in two rows.</summary>
    private static int Edits(string left, string right)
    {
        Span<int> previous = stackalloc int[LongestName + 1];
        Span<int> current = stackalloc int[LongestName + 1];
        for (var column = 0; column <= right.Length; column++)
            previous[column] = column;
        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced = char.ToUpperInvariant(left[row - 1]) == char.ToUpperInvariant(right[column - 1]) ? 0 : 1;
                current[column] = Math.Min(Math.Min(previous[column], current[column - 1]) + 1, previous[column - 1] + replaced);
            }

            var swap = previous;
            previous = current;
            current = swap;
        }

        return previous[right.Length];
    }
}
