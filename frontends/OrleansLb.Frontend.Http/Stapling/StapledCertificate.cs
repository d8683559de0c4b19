using System.Net.Security;
using System.Security.Cryptography;
using OrleansLb.Core.Tls;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Frontend.Http.Stapling;

/// <summary>
/// A certificate, and its staple while there is one. Handshakes meet the platform's stapling only while it has one at hand that says what clients are to hear: otherwise each of them would have it ask the authority again, as fast as it
/// fails. For one caller at a time, but for what it shows.
/// </summary>
/// <param name="name">What it is called in logs and metrics.</param>
/// <param name="certificate">The certificate.</param>
/// <param name="stapled">What handshakes show with a staple; <see langword="null"/> when it is to have none.</param>
/// <param name="now">When this begins.</param>
internal sealed class StapledCertificate(string name, OwnCertificate certificate, SslStreamCertificateContext? stapled, DateTimeOffset now)
{
    /// <summary>A staple that is shown is looked at that often: it costs one signature.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    /// <summary>Authorities are given that time before the first look, and doubly as much before each further one, up to <see cref="Period"/>.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);

    /// <summary>A staple that does not hold as long is not shown: clients' clocks differ, and the next look is one period away.</summary>
    public static readonly TimeSpan Reserve = 2 * Period;

    private readonly string _chain = ChainOf(certificate);
    private DateTimeOffset _nextLook = now + FirstWait;
    private int _misses;
    private volatile OcspAnswer? _staple;

    public string Name => name;

    public OwnCertificate Certificate => certificate;

    /// <summary>Whether there should be a staple.</summary>
    public bool IsStapling => stapled is not null;

    /// <summary>The staple that is shown; <see langword="null"/> for none.</summary>
    public OcspAnswer? Staple => _staple;

    /// <summary>What handshakes show.</summary>
    public SslStreamCertificateContext Context => _staple is null ? certificate.Context : stapled!;

    /// <summary>How often in a row there was none.</summary>
    public int Misses => _misses;

    /// <summary>What the log was told last; <see langword="null"/> for nothing.</summary>
    public StapleState? Said { get; set; }

    /// <summary>Whether this is about a certificate with its name and chain.</summary>
    public bool IsOf(string otherName, OwnCertificate other) => name == otherName && _chain == ChainOf(other);

    /// <summary>Looks at what the platform has at hand, if it is time to.</summary>
    /// <returns>What was found, and whether <see cref="Context"/> is another one by it; <see langword="null"/> when it is not time.</returns>
    public (StapleState State, bool IsOther)? Look(DateTimeOffset time)
    {
        if (stapled is null || time < _nextLook)
            return null;
        var found = SelfHandshake.Staple(stapled) is { } bytes ? OcspAnswer.Read(bytes, stapled.TargetCertificate.SerialNumberBytes.Span) : null;
        var state = StateOf(found, time);
        var (before, after) = (_staple, state == StapleState.Good ? found : null);
        _staple = after;
        _misses = after is null ? _misses + 1 : 0;
        _nextLook = time + (after is null ? WaitAfter(_misses) : Period);
        return (state, (before is null) != (after is null));
    }

    private static string ChainOf(OwnCertificate certificate) =>
        string.Join(',', certificate.Context.IntermediateCertificates.Prepend(certificate.Context.TargetCertificate).Select(static one => one.GetCertHashString(HashAlgorithmName.SHA256)));

    private static StapleState StateOf(OcspAnswer? found, DateTimeOffset time) => found switch
    {
        { Status: OcspStatus.Revoked } => StapleState.Revoked,
        { Status: OcspStatus.Good, NextUpdate: { } until } when until - time > Reserve => StapleState.Good,
        _ => StapleState.None,
    };

    private static TimeSpan WaitAfter(int misses) => misses < 8 ? TimeSpan.FromTicks(Math.Min(FirstWait.Ticks << misses, Period.Ticks)) : Period;
}
