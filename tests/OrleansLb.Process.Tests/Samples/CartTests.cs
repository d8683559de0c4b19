namespace OrleansLb.Process.Tests.Samples;

/// <summary>The sample of a shop that keeps its carts in memory: what its README promises of them.</summary>
public sealed class CartTests
{
    private const int Many = 8;

    [Fact]
    public async Task Carts_ThroughTwoFrontends_OutliveAFrontendAndARollingDeployAndOnlyThoseOfAKilledServerAreLost()
    {
        await using var shop = await CartShop.Open();
        var customers = await Shop(shop);
        await shop.RestartSecondFrontend();
        await AllHave(shop, customers, "apples, pears");

        foreach (var server in (string[])["shop-1", "shop-2"])
        {
            await shop.Drain(server);
            var late = await Shop(shop);
            Assert.DoesNotContain(late, customer => customer.Server == server);
            await AllHave(shop, customers, "apples, pears");
            var leaving = customers.Where(customer => customer.Server == server).ToList();
            foreach (var customer in leaving)
            {
                Assert.Equal("bought apples, pears", await customer.CheckOut(shop.Frontends[1]));
                Assert.Equal(server, customer.Server);
            }

            customers = [.. customers.Except(leaving), .. late];
            await shop.IsDrained(server);
            await shop.Replace(server);
            await AllHave(shop, customers, "apples, pears");
            customers.AddRange(await Shop(shop));
        }

        const string Doomed = "shop-1";
        var lost = customers.Where(static customer => customer.Server == Doomed).ToList();
        var others = customers.Except(lost).ToList();
        Assert.True(lost.Count > 0 && others.Count > 0, "All customers are at one server.");
        await shop.Kill(Doomed);
        await AllHave(shop, others, "apples, pears");
        await AllHave(shop, lost, "an empty cart");
        Assert.All(customers, static customer => Assert.NotEqual(Doomed, customer.Server));
    }

    /// <summary>New customers, each of whom takes one thing through each front-end.</summary>
    private static async Task<List<Customer>> Shop(CartShop shop)
    {
        var customers = Enumerable.Range(0, Many).Select(static _ => new Customer()).ToList();
        foreach (var (number, customer) in customers.Index())
        {
            Assert.Equal("apples", await customer.Add(shop.Frontends[number % 2], "apples"));
            Assert.Equal("apples, pears", await customer.Add(shop.Frontends[(number + 1) % 2], "pears"));
        }

        return customers;
    }

    private static async Task AllHave(CartShop shop, List<Customer> customers, string cart)
    {
        foreach (var customer in customers)
        {
            foreach (var frontend in shop.Frontends)
                Assert.Equal(cart, await customer.Look(frontend));
        }
    }
}
