namespace OrleansLb.Frontend.Tests.Defaults;

/// <summary>The page of defaults must not say what the code does not do.</summary>
public sealed class DefaultsPageTests
{
    [Fact]
    public void Default_OfEveryRow_IsThatOfTheCode()
    {
        Assert.NotEmpty(DefaultsRow.All);
        var faults = DefaultsRow.All.Select(FaultOf).OfType<string>().ToList();
        // Whole, as rows are long.
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void EveryFixedValue_IsOnThePageOnce() =>
        Assert.Equal(FixedDefaults.All.Keys.Order(StringComparer.Ordinal), DefaultsRow.All.Where(static row => row.Option is null).Select(static row => row.What).Order(StringComparer.Ordinal));

    [Fact]
    public void NoOption_IsThereTwice() => Assert.Distinct(DefaultsRow.All.Select(static row => row.Option).OfType<string>());

    private static string? FaultOf(DefaultsRow row)
    {
        var isThere = row.Option is { } option ? OptionDefaults.TryFind(option, out var value) : FixedDefaults.All.TryGetValue(row.What, out value);
        if (!isThere)
            return $"there is no {row.Option ?? row.What}: {row.Text}";
        return DefaultCell.Says(row.Default, value) ? null : $"it is {DefaultCell.Describe(value)}: {row.Text}";
    }
}
