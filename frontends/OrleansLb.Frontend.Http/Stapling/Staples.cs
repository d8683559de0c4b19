using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Frontend.Http.Stapling;

/// <summary>The certificates of listeners with their staples, which the platform fetches. No handshake waits for one. For one caller at a time, but for <see cref="All"/>.</summary>
internal sealed partial class Staples
{
    // A responder that is well has answered by the third look.
    private const int MissesToSay = 3;

    private readonly bool _areShown;
    private readonly StapleMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile IReadOnlyList<StapledCertificate> _all = [];

    public Staples(IOptions<TlsOptions> options, StapleMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<Staples> logger)
    {
        (_areShown, _metrics, _clock, _logger) = (options.Value.OcspStapling, metrics, clock, logger);
        metrics.ShowExpiry(() => _all.Where(static one => one.IsStapling)
            .Select(one => (one.Name, one.Staple is { NextUpdate: { } until } ? until - clock.GetUtcNow() : TimeSpan.Zero)));
    }

    /// <summary>The certificates.</summary>
    public IReadOnlyList<StapledCertificate> All => _all;

    /// <summary>Takes certificates in the place of those before; the same ones keep their staples.</summary>
    public IReadOnlyList<StapledCertificate> Take(IEnumerable<(string Name, OwnCertificate Certificate)> certificates)
    {
        var before = _all;
        return _all = [.. certificates.Select(one => before.FirstOrDefault(known => known.IsOf(one.Name, one.Certificate)) ?? Begin(one.Name, one.Certificate))];
    }

    /// <summary>Looks at those where it is time to.</summary>
    /// <returns>Whether handshakes are to show anything else.</returns>
    public bool Look()
    {
        var isOther = false;
        foreach (var one in _all)
        {
            if (one.Look(_clock.GetUtcNow()) is not { } look)
                continue;
            _metrics.Looked(one.Name, look.State);
            Say(one, look.State);
            isOther |= look.IsOther;
        }

        return isOther;
    }

    private StapledCertificate Begin(string name, OwnCertificate certificate)
    {
        var stapled = _areShown && certificate.Staple.Responder is not null ? certificate.CreateStapled() : null;
        if (stapled is null)
            SayWithout(name, certificate.Staple);
        return new StapledCertificate(name, certificate, stapled, _clock.GetUtcNow());
    }

    private void SayWithout(string name, StapleTerms terms)
    {
        var reason = (_areShown, terms.Responder) switch
        {
            (false, _) => $"{TlsOptions.SectionName}:{nameof(TlsOptions.OcspStapling)} is off",
            (_, null) => "it names no responder that is asked by http",
            _ => "its chain ends in no root that its file or the machine has",
        };
        if (terms.IsRequired)
            LogRequired(_logger, name, reason);
        else if (_areShown)
            LogImpossible(_logger, name, reason);
    }

    private void Say(StapledCertificate one, StapleState state)
    {
        if (state == one.Said || (state == StapleState.None && one.Misses < MissesToSay))
            return;
        one.Said = state;
        var responder = one.Certificate.Staple.Responder!;
        switch (state)
        {
            case StapleState.Good:
                LogShown(_logger, one.Name, responder, one.Staple!.NextUpdate!.Value.UtcDateTime);
                break;
            case StapleState.Revoked:
                LogRevoked(_logger, one.Name, responder);
                break;
            default:
                LogMissing(_logger, one.Name, responder, StapledCertificate.Reserve);
                break;
        }
    }
}
