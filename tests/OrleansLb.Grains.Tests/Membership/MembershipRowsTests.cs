using System.Collections.Immutable;
using OrleansLb.Clustering.Membership;

namespace OrleansLb.Grains.Tests.Membership;

public sealed class MembershipRowsTests
{
    private static readonly MembershipRows Remembered = Table(7, "a", "b", "c");

    [Fact]
    public void Of_FieldsOfTheTable_TellsTheVersionFromTheRows()
    {
        var table = MembershipRows.Of([new("Version", "7"), new("a", "row of a")]);

        Assert.Equal(7, table.Version);
        Assert.Equal([new("a", "row of a")], table.Rows);
    }

    [Fact]
    public void Of_NoField_IsVersionZero() => Assert.Equal(0, MembershipRows.Of([]).Version);

    [Fact]
    public void Of_VersionThatIsNoNumber_IsRefused() => Assert.Throws<FormatException>(static () => MembershipRows.Of([new("Version", "x")]));

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    [InlineData(100)]
    public void Missing_OwnRowIsThere_NothingWhateverElseChanged(long version) =>
        Assert.Null(MembershipRows.Missing(Remembered, Table(version, "b"), "b", viewVersion: 7));

    [Fact]
    public void Missing_TableIsEmpty_AllRowsUnderAVersionThatIsNews()
    {
        var missing = MembershipRows.Missing(Remembered, Table(0), "b", viewVersion: 7)!;

        Assert.Equal(["a", "b", "c"], missing.Rows.Keys.Order());
        Assert.Equal(8, missing.Version);
    }

    [Theory]
    [InlineData(3, 7, 8)]
    [InlineData(3, 12, 13)]
    [InlineData(20, 12, 21)]
    public void Missing_SomebodyBeganAnew_HisRowsStayAsTheyAre(long seenVersion, long viewVersion, long expected)
    {
        var seen = Table(seenVersion, "c", "new");

        var missing = MembershipRows.Missing(Remembered, seen, "b", viewVersion)!;

        Assert.Equal(["a", "b"], missing.Rows.Keys.Order());
        Assert.Equal(expected, missing.Version);
    }

    private static MembershipRows Table(long version, params string[] silos) =>
        new(version, silos.ToImmutableDictionary(static silo => silo, static silo => $"row of {silo}"));
}
