using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansLb.Core.Acme;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Grains.Acme;

/// <summary>How certificates are ordered: one step a turn, so that what is asked meanwhile is answered.</summary>
internal sealed partial class AcmeGrain
{
    private const int LongestChain = 65_536;
    private const int MostKept = 200;
    private const int MostAuthorizations = 200;

    /// <summary>Longer than authorities take, and shorter than their orders live.</summary>
    private static readonly TimeSpan LongestOrder = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstTrouble = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestTrouble = TimeSpan.FromMinutes(5);

    private DateTimeOffset _quietUntil;
    private int _looks;
    private int _troubles;

    private string Wanted(AcmeCertificateDefinition definition) => $"{_wanted!.Directory.AbsoluteUri} {string.Join(' ', definition.Hosts)}";

    /// <summary>The certificate to work on: one that is on order before others.</summary>
    private (AcmeCertificateDefinition Definition, AcmeEntry Entry)? Due()
    {
        var now = clock.GetUtcNow();
        (AcmeCertificateDefinition, AcmeEntry)? found = null;
        foreach (var definition in _wanted!.Certificates)
        {
            var (wanted, entry) = (Wanted(definition), Find(definition.Name) ?? new AcmeEntry { Name = definition.Name });
            if (entry.Order is not null && entry.Asked == wanted)
                return (definition, entry);
            // What is asked for otherwise now has not failed yet.
            if (entry.Asked != wanted || entry.NextOrder(wanted) <= now)
                found ??= entry.Issued != wanted || entry.RenewAt <= now ? (definition, entry) : null;
        }

        return found;
    }

    private async Task Try(AcmeCertificateDefinition definition, AcmeEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var account = await Account(cancellationToken);
            if (entry.Order is { } order && entry.Asked == Wanted(definition))
                await Advance(account, definition, entry, order, cancellationToken);
            else
                await Begin(account, definition, entry, cancellationToken);
            _troubles = 0;
            if (_fault is not null)
                Say(null);
        }
        catch (AcmeRefusedException refusal) when (refusal.Problem.Kind == AcmeProblem.NoAccount)
        {
            // The authority has forgotten the account, and its orders with it.
            stored.State.AccountUrl = "";
            stored.State.Certificates.ForEach(static one => one.Order = null);
            await StoreAndPublish();
        }
        catch (AcmeRefusedException refusal) when (!refusal.IsPassing)
        {
            await GiveUp(definition, entry, refusal.Problem, refusal.RetryAfter);
        }
        catch (Exception exception) when (IsTrouble(exception) && !cancellationToken.IsCancellationRequested)
        {
            if (IsTooOld(entry.Order))
                await GiveUp(definition, entry, new AcmeProblem(Detail: exception.Message), retryAfter: null);
            Postpone(exception);
        }
    }

    private bool IsTooOld(AcmeOrderEntry? order) => order is not null && clock.GetUtcNow() - order.Begun > LongestOrder;

    /// <summary>What is wrong with the authority or the way to it, which is not the order's fault.</summary>
    private static bool IsTrouble(Exception exception) => exception is AcmeRefusedException or HttpRequestException or InvalidDataException or IOException or OperationCanceledException;

    private async Task<AcmeAccount> Account(CancellationToken cancellationToken)
    {
        var (state, directory) = (stored.State, _wanted!.Directory.AbsoluteUri);
        if (_account is null || state.Directory != directory)
        {
            // Its key is stored before the authority knows it: an account is not made twice.
            _account ??= NewAccountKey(state);
            (state.Directory, state.AccountUrl) = (directory, "");
            await Store();
        }

        var places = await client.Directory(_wanted.Directory, cancellationToken);
        if (state.AccountUrl.Length == 0)
        {
            var asked = new NewAccount(TermsOfServiceAgreed: true, _wanted.Contacts.IsEmpty ? null : _wanted.Contacts);
            var reply = await client.Post(new AcmeAccount(_account, null), places.NewAccount, asked, AcmeJson.Default.NewAccount, cancellationToken);
            state.AccountUrl = PlaceOf(reply).AbsoluteUri;
            await Store();
            LogAccount(logger, state.AccountUrl);
        }

        return new AcmeAccount(_account, new Uri(state.AccountUrl));
    }

    private AccountKey NewAccountKey(AcmeState state)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        state.AccountKey = Seal(key, AccountSecret);
        return new AccountKey(key);
    }

    private async Task Begin(AcmeAccount account, AcmeCertificateDefinition definition, AcmeEntry entry, CancellationToken cancellationToken)
    {
        var places = await client.Directory(_wanted!.Directory, cancellationToken);
        Remember(entry);
        if (entry.Asked != Wanted(definition))
            (entry.Asked, entry.Failures, entry.TryAt, entry.LastError, entry.Order) = (Wanted(definition), 0, default, null, null);
        var reply = await client.Post(account, places.NewOrder, new NewOrder([.. definition.Hosts.Select(AcmeIdentifier.Dns)]), AcmeJson.Default.NewOrder, cancellationToken);
        var authorizations = await Authorizations(account, AcmeJson.Read(reply.Body, AcmeJson.Default.AcmeOrder), cancellationToken);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        entry.Order = new AcmeOrderEntry { Url = PlaceOf(reply).AbsoluteUri, Key = Seal(key, entry.Secret), Tokens = [.. OrderMachine.Tokens(authorizations)], Begun = clock.GetUtcNow() };
        _looks = 0;
        await StoreAndPublish();
        LogOrdered(logger, definition.Name, string.Join(", ", definition.Hosts), _wanted.Directory);
    }

    private async Task Advance(AcmeAccount account, AcmeCertificateDefinition definition, AcmeEntry entry, AcmeOrderEntry order, CancellationToken cancellationToken)
    {
        var reply = await client.Read(account, new Uri(order.Url), cancellationToken);
        var document = AcmeJson.Read(reply.Body, AcmeJson.Default.AcmeOrder);
        var authorizations = document.Status is AcmeStatuses.Pending or AcmeStatuses.Invalid ? await Authorizations(account, document, cancellationToken) : [];
        var step = OrderMachine.Next(document, authorizations);
        switch (step.Kind)
        {
            case OrderStepKind.Answer when _audience.Knows(Now):
                foreach (var challenge in step.Challenges)
                    await client.Answer(account, challenge, cancellationToken);
                break;
            case OrderStepKind.Finalize:
                await client.Post(account, document.Finalize, new FinalizeOrder(Request(definition, entry, order)), AcmeJson.Default.FinalizeOrder, cancellationToken);
                break;
            case OrderStepKind.Download:
                await Take(definition, entry, order, await client.Read(account, document.Certificate!, cancellationToken));
                return;
            case OrderStepKind.Fail:
                await GiveUp(definition, entry, step.Problem!, retryAfter: null);
                return;
            case OrderStepKind.Wait:
                LookLater(reply.RetryAfter);
                break;
        }

        if (IsTooOld(order))
            await GiveUp(definition, entry, new AcmeProblem(Detail: $"it was still {document.Status} after {LongestOrder}"), retryAfter: null);
    }

    private async Task<IReadOnlyList<AcmeAuthorization>> Authorizations(AcmeAccount account, AcmeOrder order, CancellationToken cancellationToken)
    {
        if (order.Authorizations.Count > MostAuthorizations)
            throw new InvalidDataException($"The authority wants {order.Authorizations.Count} authorizations.");
        var all = new List<AcmeAuthorization>(order.Authorizations.Count);
        foreach (var address in order.Authorizations)
            all.Add(AcmeJson.Read((await client.Read(account, address, cancellationToken)).Body, AcmeJson.Default.AcmeAuthorization));
        return all;
    }

    private string Request(AcmeCertificateDefinition definition, AcmeEntry entry, AcmeOrderEntry order)
    {
        using var key = Import(order.Key, entry.Secret);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in definition.Hosts)
            names.AddDnsName(host);
        // Names stand among the alternative names alone: a common name has room for 64 letters.
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return Base64Url.EncodeToString(request.CreateSigningRequest());
    }

    private async Task Take(AcmeCertificateDefinition definition, AcmeEntry entry, AcmeOrderEntry order, AcmeReply reply)
    {
        var chain = Encoding.ASCII.GetString(reply.Body);
        using var key = Import(order.Key, entry.Secret);
        var (notBefore, notAfter) = LifeOf(chain, key, definition);
        (entry.Chain, entry.Key, entry.Issued, entry.NotAfter) = (chain, order.Key, entry.Asked, notAfter);
        entry.RenewAt = RenewalSchedule.Due(notBefore, notAfter, Random.Shared.NextDouble());
        (entry.Order, entry.Failures, entry.TryAt, entry.LastError) = (null, 0, default, null);
        await StoreAndPublish();
        metrics.Ended(definition.Name, "issued");
        LogIssued(logger, definition.Name, notAfter.UtcDateTime, entry.RenewAt.UtcDateTime);
    }

    /// <summary>Reads what was given, and requires that it is what was asked for.</summary>
    private (DateTimeOffset NotBefore, DateTimeOffset NotAfter) LifeOf(string chain, ECDsa key, AcmeCertificateDefinition definition)
    {
        try
        {
            if (chain.Length > LongestChain)
                throw new InvalidDataException($"The authority gave {chain.Length} bytes of certificates.");
            using var certificate = X509Certificate2.CreateFromPem(chain, key.ExportPkcs8PrivateKeyPem());
            if (definition.Hosts.FirstOrDefault(host => !certificate.MatchesHostname(host, allowWildcards: false)) is { } missing)
                throw new InvalidDataException($"The authority gave a certificate that is not for {missing}.");
            return certificate.NotAfter.ToUniversalTime() is var end && end > clock.GetUtcNow().UtcDateTime
                ? (certificate.NotBefore, certificate.NotAfter)
                : throw new InvalidDataException($"The authority gave a certificate that expired at {end:u}.");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"The authority gave what is no certificate for the key that it was asked for: {exception.Message}", exception);
        }
    }

    private async Task GiveUp(AcmeCertificateDefinition definition, AcmeEntry entry, AcmeProblem problem, TimeSpan? retryAfter)
    {
        Remember(entry);
        (entry.Order, entry.Asked, entry.Failures, entry.LastError) = (null, Wanted(definition), entry.Failures + 1, problem.ToString());
        entry.TryAt = clock.GetUtcNow() + RenewalSchedule.Pause(entry.Failures, retryAfter);
        await StoreAndPublish();
        metrics.Ended(definition.Name, problem.Kind);
        LogFailed(logger, definition.Name, entry.Failures, entry.TryAt.UtcDateTime, entry.LastError);
    }

    /// <summary>Keeps an entry from now on, and of those that nobody wants any more what may come back into use.</summary>
    private void Remember(AcmeEntry entry)
    {
        var kept = stored.State.Certificates;
        if (!kept.Contains(entry))
            kept.Add(entry);
        var unwanted = kept.Where(one => !_wanted!.Certificates.Any(definition => string.Equals(definition.Name, one.Name, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var one in unwanted.Where(one => one.NotAfter <= clock.GetUtcNow() || kept.Count > MostKept))
            kept.Remove(one);
    }

    private void LookLater(TimeSpan? advice)
    {
        var usual = TimeSpan.FromSeconds(Math.Min(++_looks, LongestLook.TotalSeconds));
        var wait = advice > usual ? advice.Value : usual;
        _quietUntil = clock.GetUtcNow() + (wait < LongestTrouble ? wait : LongestTrouble);
    }

    private void Postpone(Exception exception)
    {
        var usual = FirstTrouble * (1 << Math.Min(_troubles++, 10)) is var doubled && doubled < LongestTrouble ? doubled : LongestTrouble;
        var advice = (exception as AcmeRefusedException)?.RetryAfter ?? TimeSpan.Zero;
        var wait = advice < RenewalSchedule.LongestAdvice ? advice : RenewalSchedule.LongestAdvice;
        _quietUntil = clock.GetUtcNow() + (wait > usual ? wait : usual);
        LogTrouble(logger, _wanted!.Directory, _quietUntil.UtcDateTime, exception.Message);
        Say(exception.Message);
    }

    private static Uri PlaceOf(AcmeReply reply) => reply.Location is { IsAbsoluteUri: true } place ? place : throw new InvalidDataException("The authority does not say where what it made is.");
}
