using System.Collections.Immutable;

namespace OrleansLb.Configuration;

/// <summary>Names and values as error messages show them.</summary>
internal static class Quote
{
    private const int MaxLength = 80;
    private const int MaxNames = 12;

    /// <summary>A value from a file: cut, and without the control characters that would forge log lines.</summary>
    public static string Value(string? value)
    {
        if (value is null)
            return "nothing";
        var shown = value.Length > MaxLength ? value[..MaxLength] + "..." : value;
        return "'" + string.Concat(shown.Select(static c => char.IsControl(c) ? '?' : c)) + "'";
    }

    /// <summary>A list of names, cut when it is long: every one of 100,000 routes may name a cluster that does not exist.</summary>
    public static string Names(IReadOnlyCollection<string> names) => names.Count switch
    {
        0 => "none",
        <= MaxNames => string.Join(", ", names),
        _ => string.Join(", ", names.Take(MaxNames)) + $" and {names.Count - MaxNames} more",
    };

    /// <summary>Ends a message with the known name that was probably meant, or with all of them.</summary>
    public static string Suggest(string wrong, ImmutableArray<string> known) =>
        NearestName.To(wrong, known) is { } near ? $"did you mean {near}?" : "known: " + Names(known);
}
