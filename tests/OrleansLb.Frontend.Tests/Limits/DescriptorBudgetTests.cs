using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Tests.Limits;

public sealed class DescriptorBudgetTests
{
    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 460)]
    [InlineData("Max open files            1                    1                    files     ", 1)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             1024                 1024                 processes ", null)]
    [InlineData("Max open files", null)]
    public void Connections_AreAPartOfTheDescriptorsThatThereMayBe(string line, int? expected) =>
        Assert.Equal(expected, DescriptorBudget.ConnectionsOf(["Limit                     Soft Limit           Hard Limit           Units     ", line]));
}
