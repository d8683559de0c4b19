using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Acme;
using OrleansLb.Core;
using OrleansLb.Core.Acme;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Hosting;

namespace OrleansLb.Grains.Acme;

/// <summary>
/// Has the account and orders the certificates, one after the other. What it needs to go on is stored before it is used, private keys sealed: an activation that takes over from a killed one goes on with its order. A twin on a
/// silo that was cut off cannot store, and gives out nothing that is not stored.
/// </summary>
[GrainType("acme"), KeepAlive]
internal sealed partial class AcmeGrain(
    [PersistentState("acme", GrainsSiloBuilderExtensions.StorageName)] IPersistentState<AcmeState> stored,
    AcmeVault vault,
    AcmeClient client,
    AcmeMetrics metrics,
    IConfigurationView configuration,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<AcmeGrain> logger) : Grain, IAcmeGrain, IDisposable
{
    private const string AccountSecret = "the key of the account";
    private const string KeyLabel = "PRIVATE KEY";

    private static readonly TimeSpan WorkPeriod = TimeSpan.FromSeconds(1);

    private readonly ChallengeAudience _audience = new();
    private readonly long _activated = clock.GetTimestamp();
    private AcmeDefinition? _wanted;
    private AccountKey? _account;
    private AcmeChallenges? _challenges;
    private AcmeCertificates? _certificates;
    private AcmeStatus _status = new(Fault: null, []);
    private string? _fault;

    private TimeSpan Now => clock.GetElapsedTime(_activated);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(Work, new GrainTimerCreationOptions(TimeSpan.Zero, WorkPeriod));
        return Task.CompletedTask;
    }

    public void Dispose() => _account?.Dispose();

    public ValueTask<AcmeNews> Follow(AcmeQuery query)
    {
        _audience.Hear(query.FrontendId, query.Challenges, Now);
        return new(new AcmeNews(
            query.Challenges == _challenges?.Stamp ? null : _challenges,
            query.Certificates is null || query.Certificates == _certificates?.Stamp ? null : _certificates));
    }

    public ValueTask<AcmeStatus> GetStatus() => new(_status);

    private async Task Work(CancellationToken cancellationToken)
    {
        var snapshot = configuration.Current.Snapshot;
        // Before the first version it is not known what is wanted, and what front-ends have stays.
        if (snapshot.Version == 0 || !await Adopt(snapshot.Acme))
            return;
        if (clock.GetUtcNow() >= _quietUntil && _audience.IsThere(Now) && Due() is { } due)
            await Try(due.Definition, due.Entry, cancellationToken);
    }

    /// <summary>Takes over what is wanted now.</summary>
    /// <returns>Whether anything can be ordered.</returns>
    private async Task<bool> Adopt(AcmeDefinition? wanted)
    {
        if (ReferenceEquals(wanted, _wanted))
            return wanted is not null;
        if (wanted is not null && !await Open())
            return false;
        _wanted = wanted;
        _quietUntil = default;
        Publish();
        return wanted is not null;
    }

    /// <summary>Opens what is stored, and seals it anew if that was done by a key that is to go.</summary>
    private async Task<bool> Open()
    {
        if (_account is not null)
            return true;
        try
        {
            if (!vault.HasKey)
                throw new CryptographicException(AcmeVault.Missing);
            await SealAnew();
            if (stored.State.AccountKey is { Length: > 0 } box)
                _account = new AccountKey(Import(box, AccountSecret));
            return true;
        }
        catch (CryptographicException exception)
        {
            // Nothing is overwritten that a silo with the right key can open.
            if (_fault != exception.Message)
                LogLocked(logger, exception.Message);
            Say(exception.Message);
            return false;
        }
    }

    private async Task SealAnew()
    {
        var changed = false;
        byte[] Renew(byte[] box, string name)
        {
            var renewed = box.Length == 0 ? null : vault.SealAnew(box, name);
            changed |= renewed is not null;
            return renewed ?? box;
        }

        stored.State.AccountKey = Renew(stored.State.AccountKey, AccountSecret);
        foreach (var entry in stored.State.Certificates)
        {
            entry.Key = Renew(entry.Key, entry.Secret);
            if (entry.Order is { } order)
                order.Key = Renew(order.Key, entry.Secret);
        }

        if (changed)
        {
            await Store();
            LogSealedAnew(logger);
        }
    }

    private ECDsa Import(byte[] box, string name)
    {
        var secret = vault.Open(box, name);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(secret, out _);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    private byte[] Seal(ECDsa key, string name)
    {
        var secret = key.ExportPkcs8PrivateKey();
        var box = vault.Seal(secret, name);
        CryptographicOperations.ZeroMemory(secret);
        return box;
    }

    /// <summary>Writes the state through to the store; only then anybody is told of it.</summary>
    private async Task Store()
    {
        try
        {
            await stored.WriteStateAsync();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What is in memory is not what is stored: the next activation reads that, and goes on from there.
            LogNotStored(logger, exception.Message);
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task StoreAndPublish()
    {
        await Store();
        Publish();
    }

    /// <summary>Makes what front-ends and people are told of what is stored.</summary>
    private void Publish()
    {
        var wanted = (_wanted?.Certificates ?? []).Select(definition => (Definition: definition, Entry: Find(definition.Name))).ToList();
        var tokens = wanted.SelectMany(static one => one.Entry?.Order?.Tokens ?? []).Distinct().ToList();
        _challenges = new AcmeChallenges(StampOf(tokens), tokens.ToImmutableDictionary(static token => token, token => _account!.Authorization(token)));
        _audience.Publish(_challenges.Stamp, Now);
        ImmutableArray<AcmeEntry> issued = [.. wanted.Select(static one => one.Entry).OfType<AcmeEntry>().Where(static entry => entry.Chain.Length > 0)];
        var stamp = StampOf(issued.SelectMany(static entry => new[] { entry.Name, entry.Chain }));
        if (_certificates?.Stamp != stamp)
            _certificates = new AcmeCertificates(stamp, [.. issued.Select(entry => new AcmeCertificate(entry.Name, entry.Chain, PemOf(entry)))]);
        Say(_fault);
    }

    /// <summary>Renews what people are told.</summary>
    private void Say(string? fault)
    {
        _fault = fault;
        // What cannot be taken over is shown all the same, with what is in its way.
        _status = new AcmeStatus(fault, [.. ((_wanted ?? configuration.Current.Snapshot.Acme)?.Certificates ?? []).Select(StatusOf)]);
    }

    private AcmeCertificateStatus StatusOf(AcmeCertificateDefinition definition)
    {
        var entry = Find(definition.Name) ?? new AcmeEntry { Name = definition.Name };
        return new AcmeCertificateStatus
        {
            Name = definition.Name,
            Hosts = definition.Hosts,
            NotAfter = entry.Chain.Length > 0 ? entry.NotAfter : null,
            NextOrder = _wanted is not null && entry.NextOrder(Wanted(definition)) is { } next && next > clock.GetUtcNow() ? next : null,
            Failures = entry.Failures,
            LastError = entry.LastError,
        };
    }

    private AcmeEntry? Find(string name) => stored.State.Certificates.Find(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));

    private string PemOf(AcmeEntry entry)
    {
        var secret = vault.Open(entry.Key, entry.Secret);
        var pem = PemEncoding.WriteString(KeyLabel, secret);
        CryptographicOperations.ZeroMemory(secret);
        return pem;
    }

    private static string StampOf(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
            hash.AppendData(Encoding.UTF8.GetBytes(part + '\n'));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
