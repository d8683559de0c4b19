namespace OrleansLb.Configuration.Settings;

/// <summary>Orders settings by path without regard to case, then by its exact spelling and by value, so that the order is total.</summary>
internal sealed class SettingComparer : IComparer<KeyValuePair<string, string?>>
{
    public static SettingComparer Instance { get; } = new();

    public int Compare(KeyValuePair<string, string?> x, KeyValuePair<string, string?> y)
    {
        var order = string.Compare(x.Key, y.Key, StringComparison.OrdinalIgnoreCase);
        if (order == 0)
            order = string.CompareOrdinal(x.Key, y.Key);
        return order != 0 ? order : string.CompareOrdinal(x.Value, y.Value);
    }
}
