namespace OrleansLb.Core.Tests;

public sealed class BackendKeyTests
{
    [Fact]
    public void Of_EachPartDiffers_KeysDiffer()
    {
        var keys = new[]
        {
            BackendKey.Of("pool", "a", 1), BackendKey.Of("pool", "a", 2), BackendKey.Of("pool", "b", 1),
            BackendKey.Of("other", "a", 1), BackendKey.Of("poola", "", 1),
        };
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], BackendKey.Of("pool", "a", 1));
    }
}
