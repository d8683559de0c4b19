using Microsoft.Extensions.Configuration;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class RateLimitOverrideTests
{
    private const string Policy = "OrleansLb:RateLimiting:Policies:perKey";

    [Fact]
    public void Compile_KeysWithNumbersOfTheirOwn_AreCountedByAPolicyBeside()
    {
        var limits = Compile(("Overrides:0:Keys:0", "gold"), ("Overrides:0:Keys:1", "silver"), ("Overrides:0:PermitLimit", "1000"), ("Overrides:1:Keys:0", "slow"), ("Overrides:1:Window", "01:00:00"))
            .Configuration!.Snapshot.RateLimits;

        var policy = limits["perKey"];
        var (gold, slow) = (limits[policy.Overrides.Find(Key("gold"))!], limits[policy.Overrides.Find(Key("slow"))!]);
        Assert.Same(gold, limits[policy.Overrides.Find(Key("silver"))!]);
        Assert.Null(policy.Overrides.Find(Key("bronze")));
        Assert.Equal((100, TimeSpan.FromMinutes(1), "perKey"), (policy.PermitLimit, policy.Window, policy.PublicName));
        Assert.Equal((1000, TimeSpan.FromMinutes(1), "perKey"), (gold.PermitLimit, gold.Window, gold.PublicName));
        Assert.Equal((100, TimeSpan.FromHours(1), "perKey"), (slow.PermitLimit, slow.Window, slow.PublicName));
        Assert.Equal(3, new[] { policy.Name, gold.Name, slow.Name }.Distinct().Count());
    }

    [Fact]
    public void Compile_AddressesAndHosts_AreTheKeysThatRequestsHave()
    {
        var byAddress = Compile(("Partition", "ClientIp"), ("PartitionHeader", null), ("IPv6PrefixLength", "56"), ("Overrides:0:Keys:0", "2001:db8::1"), ("Overrides:0:Keys:1", "::ffff:192.0.2.1"));
        var overrides = byAddress.Configuration!.Snapshot.RateLimits["perKey"].Overrides;
        Assert.NotNull(overrides.Find(RateLimitKey.Of(System.Net.IPAddress.Parse("2001:db8:0:ff::2"), 56)));
        Assert.NotNull(overrides.Find(RateLimitKey.Of(System.Net.IPAddress.Parse("192.0.2.1"), 56)));

        var byHost = Compile(("Partition", "Host"), ("PartitionHeader", null), ("Overrides:0:Keys:0", "Example.COM"));
        Assert.NotNull(byHost.Configuration!.Snapshot.RateLimits["perKey"].Overrides.Find(Key("example.com")));
    }

    [Fact]
    public void Compile_TheSameAgain_IsEqual()
    {
        static RateLimitPolicyDefinition Once() => Compile(("Overrides:0:Keys:0", "gold"), ("Exempt:0", "10.0.0.0/8")).Configuration!.Snapshot.RateLimits["perKey"];
        Assert.Equal(Once(), Once());
    }

    [Theory]
    [InlineData("Overrides:0:PermitLimit", "5", "Overrides:0:Keys", "every override needs it")]
    [InlineData("Overrides:0:Keys:1", "gold", "Overrides:0:Keys:1", "is the same key as OrleansLb:RateLimiting:Policies:perKey:Overrides:0:Keys:0")]
    [InlineData("Overrides:0:TokenLimit", "5", "Overrides:0:TokenLimit", "does not apply to FixedWindow")]
    [InlineData("Overrides:0:PermitLimit", "0", "Overrides:0:PermitLimit", "'0' is not a whole number of permits from 1 to 1000000000")]
    [InlineData("Overrides:0:Mode", "Exact", "Overrides:0:Mode", "unknown key; known: Keys, TokenLimit, TokensPerPeriod, ReplenishmentPeriod, PermitLimit, Window, QueueLimit, QueueTimeout")]
    [InlineData("Partition", "Header, Route", "Overrides", "needs a Partition of one part")]
    public void Compile_Mistake_IsReportedAtItsKey(string key, string value, string path, string message)
    {
        (string, string?)[] settings = key == "Overrides:0:PermitLimit" && value == "5" ? [(key, value)] : [("Overrides:0:Keys:0", "gold"), (key, value)];
        Assert.Contains(new ConfigurationError($"{Policy}:{path}", message), Compile(settings).Errors);
    }

    [Theory]
    [InlineData("ClientIp", "gold", "'gold' is not an address")]
    [InlineData("ClientIp", "4711", "'4711' is not an address")]
    [InlineData("Host", "example.com:8080", "'example.com:8080' is not a host; a port does not count")]
    [InlineData("Method", "get", "'get' is not a method; theirs are upper-case letters")]
    [InlineData("Route", "nowhere", "there is no route 'nowhere'")]
    public void Compile_KeyThatNoRequestHas_IsReported(string partition, string key, string message) => Assert.Contains(
        new ConfigurationError($"{Policy}:Overrides:0:Keys:0", message),
        Compile(("Partition", partition), ("PartitionHeader", null), ("Overrides:0:Keys:0", key)).Errors);

    [Theory]
    [InlineData("Overrides", "gold", "must be a list, not 'gold'")]
    [InlineData("Overrides:0:Keys", "gold", "must be a list, not 'gold'")]
    [InlineData("Exempt", "10.0.0.0/8", "must be a list, not '10.0.0.0/8'")]
    [InlineData("Exempt", "", "must name at least one; leave it out for none")]
    public void Compile_NotAList_IsReported(string key, string value, string message) =>
        Assert.Contains(new ConfigurationError($"{Policy}:{key}", message), Compile((key, value)).Errors);

    private static RateLimitKey Key(string text) => RateLimitKey.Of(text.AsSpan());

    private static CompilationResult Compile(params (string Key, string? Value)[] settings)
    {
        var document = new Dictionary<string, string?>
        {
            [$"{Policy}:Algorithm"] = "FixedWindow",
            [$"{Policy}:PermitLimit"] = "100",
            [$"{Policy}:Window"] = "00:01:00",
            [$"{Policy}:Partition"] = "Header",
            [$"{Policy}:PartitionHeader"] = "X-Api-Key",
        };
        foreach (var (key, value) in settings)
        {
            if (value is null)
                document.Remove($"{Policy}:{key}");
            else
                document[$"{Policy}:{key}"] = value;
        }

        return TestDocuments.Compile(new ConfigurationBuilder().AddInMemoryCollection(document).Build());
    }
}
