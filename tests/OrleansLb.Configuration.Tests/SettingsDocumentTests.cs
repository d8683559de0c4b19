using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Configuration.Tests;

public sealed class SettingsDocumentTests
{
    private static readonly Gen<Dictionary<string, string?>> Settings =
        Gen.Select(Gen.Char["abAB"].Array[1, 4], Gen.Char["xy-"]).List[0, 8].Select(static pairs => pairs
            .Select(static pair => KeyValuePair.Create("ReverseProxy:" + string.Join(':', pair.Item1), pair.Item2 == '-' ? null : pair.Item2.ToString()))
            .DistinctBy(static pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary());

    [Fact]
    public void From_ProcessLocalKeys_AreLeftOut()
    {
        var document = SettingsDocument.From(TestDocuments.OfJson("""
            {
              "ReverseProxy": { "Routes": { "a": { "Order": 1 } } },
              "ReverseProxyOther": { "a": 1 },
              "OrleansLb": { "Status": { "Port": 1 }, "RateLimiting": { "Policies": {} }, "RateLimitingOther": 1, "AllowedBackendNetworks": [ "10.0.0.0/8" ] },
              "Kestrel": { "a": 1 }
            }
            """));

        Assert.Equal(
            ["OrleansLb:AllowedBackendNetworks:0", "OrleansLb:RateLimiting:Policies", "ReverseProxy:Routes:a:Order"],
            document.Settings.Select(setting => setting.Key));
    }

    [Fact]
    public void From_SeveralProviders_TakesWhatTheConfigurationResolves()
    {
        var file = TestDocuments.OfJson("""{ "ReverseProxy": { "Clusters": { "app": { "LoadBalancingPolicy": "Random", "Metadata": {} } } } }""");
        var configuration = new ConfigurationBuilder()
            .AddConfiguration(file)
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["REVERSEPROXY:CLUSTERS:APP:LOADBALANCINGPOLICY"] = "RoundRobin",
                ["reverseproxy:clusters:app:metadata:owner"] = "web",
            })
            .Build();

        Assert.Equal(
            [new("ReverseProxy:Clusters:app:LoadBalancingPolicy", "RoundRobin"), new("ReverseProxy:Clusters:app:Metadata:owner", "web")],
            SettingsDocument.From(configuration).Settings);
    }

    [Fact]
    public void From_ProviderOfAnotherKind_IsReadToo()
    {
        var configuration = new ConfigurationBuilder().Add(new ForeignSource()).Build();

        Assert.Equal([new("ReverseProxy:Clusters:app", "here")], SettingsDocument.From(configuration).Settings);
    }

    [Fact]
    public void From_AReloadMeanwhile_IsWhatWasBeforeOrIsAfter()
    {
        var file = new ReloadingSource();
        var configuration = new ConfigurationBuilder().Add(file).Add(new ForeignSource { Asked = () => file.Replace("new", "a", "c") }).Build();

        var read = SettingsDocument.From(configuration).Settings.Where(static setting => setting.Value != "here").Select(static setting => $"{setting.Key[^1]} {setting.Value}");

        Assert.Matches("^(a old, b old|a new, c new)$", string.Join(", ", read));
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    [InlineData(100_000, true)]
    public void Compile_NameOfManyLevels_IsAnErrorBeyondJsonsLimit(int levels, bool isError)
    {
        var name = "ReverseProxy:Clusters:app:Metadata" + string.Concat(Enumerable.Repeat(":a", levels - 4));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = "x" }).Build();

        var document = SettingsDocument.From(configuration);

        Assert.Equal(name, Assert.Single(document.Settings).Key);
        Assert.Equal(isError, TestDocuments.Compile(document).Errors.Any(static error => error.Message == "is one of more than 64 levels" && error.Path.Length < 400));
    }

    [Fact]
    public void Digest_NullAndEmpty_Differ() =>
        Assert.NotEqual(
            SettingsDocument.FromSettings([new("ReverseProxy:Routes", null)]).Digest,
            SettingsDocument.FromSettings([new("ReverseProxy:Routes", "")]).Digest);

    [Fact]
    public void Digest_SameTextSplitElsewhere_Differs() =>
        Assert.NotEqual(
            SettingsDocument.FromSettings([new("a", "bc"), new("d", "e")]).Digest,
            SettingsDocument.FromSettings([new("a", "b"), new("cd", "e")]).Digest);

    [Fact]
    public void Digest_IsTheSameInEveryBuild() =>
        Assert.Equal(
            "5b918e714509a1cb5ae3538ce420de274bcc5152eedf3d4b24cb94477db3b6c5",
            SettingsDocument.FromSettings([new("ReverseProxy:Routes:a:ClusterId", "b"), new("ReverseProxy:Routes:a:Order", null)]).Digest);

    [Fact]
    public void PackedDocumentUnpacksToItself() => Settings.Sample(static settings =>
    {
        var document = SettingsDocument.FromSettings(settings);
        Assert.Equal(document.Settings, SettingsDocument.Unpack(document.Pack()).Settings);
    });

    [Fact]
    public void DamagedPackIsRefusedOrAnotherDocument()
    {
        var packed = SettingsDocument.From(TestDocuments.OfFile("Ours/full.json")).Pack();
        Gen.Select(Gen.Int[0, packed.Length - 1], Gen.Byte, Gen.Int[0, packed.Length]).Sample((index, value, length) =>
        {
            var damaged = packed[..length];
            if (index < length)
                damaged[index] = value;
            try
            {
                Assert.NotNull(SettingsDocument.Unpack(damaged).Digest);
            }
            catch (InvalidDataException exception)
            {
                Assert.NotEqual("", exception.Message);
            }
        });
    }

    [Fact]
    public void Unpack_BytesThatUnfoldWithoutEnd_AreRefused()
    {
        var bomb = SettingsDocument.FromSettings([new("ReverseProxy:Routes", new string('x', 64 * 1024 * 1024))]).Pack();

        Assert.Throws<InvalidDataException>(() => SettingsDocument.Unpack(bomb));
    }

    [Fact]
    public void PackedLedgerUnpacksToItself()
    {
        var ledger = new GenerationLedger([new("a", "b", "http://c/", 1), new("a", "d", "http://e/", 70_000)]);

        Assert.Equal(ledger, PackedGenerations.Unpack(PackedGenerations.Pack(ledger)));
    }

    [Fact]
    public void DocumentReadsAsTheConfigurationItCameFrom() => Settings.Sample(static settings =>
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var document = SettingsDocument.From(configuration).ToConfiguration();
        Assert.Equal(Read(configuration.GetSection("ReverseProxy")), Read(document.GetSection("reverseproxy")));
    });

    [Fact]
    public void DocumentOfADocumentIsTheSame() => Settings.Sample(static settings =>
    {
        var document = SettingsDocument.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        Assert.Equal(document, SettingsDocument.From(document.ToConfiguration()));
        Assert.Equal(document, SettingsDocument.FromSettings(document.Settings.Reverse()));
        Assert.Equal(document.GetHashCode(), SettingsDocument.FromSettings(document.Settings).GetHashCode());
    });

    /// <summary>What a consumer sees by walking sections, keys in lower case: two providers may spell one key differently.</summary>
    private static IEnumerable<string> Read(IConfigurationSection section)
    {
        yield return $"{section.Path.ToLowerInvariant()}={section.Value} {section.Exists()}";
        foreach (var child in section.GetChildren())
            foreach (var line in Read(child))
                yield return line;
    }

    private sealed class ReloadingSource : ConfigurationProvider, IConfigurationSource
    {
        public ReloadingSource() => Replace("old", "a", "b");

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Replace(string value, params IEnumerable<string> names) =>
            Data = names.ToDictionary(static name => $"ReverseProxy:Clusters:{name}", string? (_) => value, StringComparer.OrdinalIgnoreCase);
    }

    private sealed class ForeignSource : IConfigurationSource, IConfigurationProvider
    {
        public Action? Asked { get; init; }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) => parentPath switch
        {
            null => ["ReverseProxy"],
            "ReverseProxy" => ["Clusters"],
            "ReverseProxy:Clusters" => ["app"],
            _ => earlierKeys,
        };

        public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

        public void Load()
        {
        }

        public void Set(string key, string? value) => throw new NotSupportedException();

        public bool TryGet(string key, out string? value)
        {
            Asked?.Invoke();
            value = key == "ReverseProxy:Clusters:app" ? "here" : null;
            return value is not null;
        }
    }
}
