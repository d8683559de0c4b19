using System.Collections.Immutable;
using System.Globalization;

namespace OrleansLb.Clustering.Membership;

/// <summary>The membership as Redis has it: rows that only Orleans reads, by silo, and the version of all of them.</summary>
/// <param name="Version">Grows with every change; 0 when there is none.</param>
/// <param name="Rows">Rows by the silo's address.</param>
public sealed record MembershipRows(long Version, ImmutableDictionary<string, string> Rows)
{
    /// <summary>The field that holds the version, between the rows.</summary>
    public const string VersionField = "Version";

    /// <summary>Sorts the fields of the table.</summary>
    /// <param name="fields">All of them.</param>
    /// <exception cref="FormatException">The version is no number.</exception>
    public static MembershipRows Of(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var all = fields.ToImmutableDictionary(StringComparer.Ordinal);
        var version = all.TryGetValue(VersionField, out var text) ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return new MembershipRows(version, all.Remove(VersionField));
    }

    /// <summary>
    /// What a table lacks that has lost this silo's row. Orleans never removes the row of a silo that lives, so the store was emptied or
    /// set back; all that was known is given back at once, under a version that is news to every silo: a table that is newer and lacks a
    /// row would end the silo that the row is of.
    /// </summary>
    /// <param name="remembered">The table as it was when it had this silo's row.</param>
    /// <param name="seen">The table as it is.</param>
    /// <param name="own">This silo's address.</param>
    /// <param name="viewVersion">Version that this silo knows otherwise, from Orleans.</param>
    /// <returns><see langword="null"/> when nothing is lacking.</returns>
    public static MembershipRows? Missing(MembershipRows remembered, MembershipRows seen, string own, long viewVersion)
    {
        if (seen.Rows.ContainsKey(own))
            return null;
        var newest = Math.Max(Math.Max(remembered.Version, seen.Version), viewVersion);
        return new MembershipRows(newest + 1, remembered.Rows.RemoveRange(seen.Rows.Keys));
    }
}
