using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using OrleansLb.Configuration.Acme;
using OrleansLb.Configuration.Answers;
using OrleansLb.Configuration.Pools;
using OrleansLb.Configuration.Proxy;
using OrleansLb.Configuration.RateLimits;
using OrleansLb.Configuration.Rollbacks;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration;

/// <summary>
/// Compiles documents. The same document, version, ledger and keys give the same result in every process, so a front-end
/// compiles what a silo accepted without asking. Never throws for what a document says; safe for concurrent use.
/// </summary>
/// <param name="policies">What routes may name here; <see langword="null"/> in a process that serves no routes, and takes names as they are.</param>
public sealed class ConfigurationCompiler(IRoutePolicies? policies = null) : IDisposable
{
    private readonly ProxyValidator _validator = new();
    private readonly RoutePolicyValidator? _policies = policies is null ? null : new RoutePolicyValidator(policies);

    /// <summary>Compiles a document, or finds everything that is wrong with it.</summary>
    /// <param name="document">What to compile.</param>
    /// <param name="version">The version that it is or would become.</param>
    /// <param name="generations">The ledger before this version, or that of this version.</param>
    /// <param name="keys">Keys of the affinity cookie.</param>
    /// <exception cref="OverflowException"><paramref name="version"/> exceeds 2^31 - 1 and a backend is new in it.</exception>
    public CompilationResult Compile(SettingsDocument document, long version, GenerationLedger generations, KeyRing keys)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(generations);
        ArgumentNullException.ThrowIfNull(keys);
        var problems = new Problems();
        if (!IsSmallEnough(document, problems))
            return new CompilationResult(null, problems.Errors, problems.Warnings);

        var root = DocumentReader.Read(document, problems);
        var proxy = ProxyReader.Read(root.GetSection(SettingsDocument.ReverseProxySection), problems);
        var pools = Pools(proxy.Clusters, root, problems);
        var limits = new RateLimitReader(problems).Read(root);
        var acme = new AcmeReader(problems).Read(root);
        var rollback = RollbackReader.Read(root, problems);
        var routes = Routes(proxy, root, problems);
        var clusters = proxy.Clusters.Select(cluster => ClusterRewriter.Rewrite(cluster, TlsReader.Read(cluster, root, problems), PreConnectReader.Read(cluster, root, problems))).ToArray();
        if (problems.HasErrors)
            return new CompilationResult(null, problems.Errors, problems.Warnings);

        var (compiledPools, ledger) = PoolCompiler.Compile(pools, version, generations);
        var snapshot = new ClusterSnapshot(version, document.Digest, compiledPools, ByName(limits), keys)
        {
            KeyRotation = root.Find(SettingsDocument.AffinitySection).Time(nameof(ClusterSnapshot.KeyRotation)) ?? ClusterSnapshot.Empty.KeyRotation,
            Acme = acme,
            Rollback = rollback,
        };
        return new CompilationResult(new CompiledConfiguration(snapshot, routes, clusters, ledger), [], problems.Warnings);
    }

    /// <summary>Finds everything that is wrong with the cluster-wide part of a process' configuration, before the process starts.</summary>
    /// <param name="configuration">The root of the configuration.</param>
    public static CompilationResult Validate(IConfiguration configuration)
    {
        using var compiler = new ConfigurationCompiler();
        return compiler.Compile(SettingsDocument.From(configuration), version: 1, GenerationLedger.Empty, KeyRing.Empty);
    }

    /// <summary>Compiles what another process accepted.</summary>
    /// <param name="package">What came from the wire or the disk.</param>
    /// <exception cref="InvalidDataException">The package is damaged: its bytes are not whole or do not have its digest.</exception>
    public CompilationResult Compile(ConfigurationPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        var document = SettingsDocument.Unpack(package.Settings);
        if (document.Digest != package.Digest)
            throw new InvalidDataException($"The settings have digest {document.Digest}, not {package.Digest}.");
        return Compile(document, package.Version, PackedGenerations.Unpack(package.Generations), package.Keys);
    }

    /// <inheritdoc/>
    public void Dispose() => _validator.Dispose();

    private static bool IsSmallEnough(SettingsDocument document, Problems problems)
    {
        if (document.Bytes > SettingsDocument.MaxBytes)
            problems.Error("", $"the cluster-wide settings are {document.Bytes} bytes; at most {SettingsDocument.MaxBytes} are allowed");
        else if (document.Bytes > SettingsDocument.MaxPackedBytes && document.Pack().Length is > SettingsDocument.MaxPackedBytes and var packed)
            problems.Error("", $"the cluster-wide settings are {packed} bytes when compressed; at most {SettingsDocument.MaxPackedBytes} are allowed");
        return !problems.HasErrors;
    }

    private List<PoolSettings> Pools(IReadOnlyList<ClusterConfig> clusters, SettingsNode root, Problems problems)
    {
        var reader = new PoolReader(root, problems);
        var pools = new List<PoolSettings>(clusters.Count);
        foreach (var cluster in clusters)
        {
            _validator.Validate(cluster, problems);
            pools.Add(reader.Read(cluster));
        }

        SessionReader.CheckNames(clusters, pools, problems);
        return pools;
    }

    private List<RouteConfig> Routes(ProxySettings proxy, SettingsNode root, Problems problems)
    {
        var compiler = new RouteCompiler(root, RateLimitReader.Names(root), proxy.Clusters, problems);
        var variants = new VariantCompiler(root, proxy.Clusters, proxy.Routes.Select(static route => route.RouteId).ToHashSet(StringComparer.OrdinalIgnoreCase), problems);
        var closures = new ClosureReader(proxy.Clusters, root, problems);
        var routes = new List<RouteConfig>(proxy.Routes.Count);
        foreach (var route in proxy.Routes)
        {
            _validator.Validate(route, problems);
            _policies?.Validate(route, problems);
            routes.AddRange(variants.Compile(compiler.Compile(route)).Select(closures.Compile));
        }

        return routes;
    }

    private static FrozenDictionary<string, RateLimitPolicyDefinition> ByName(List<RateLimitPolicyDefinition> limits) =>
        limits.ToFrozenDictionary(static policy => policy.Name, StringComparer.OrdinalIgnoreCase);
}
