using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansLb.Contracts.RateLimits;

namespace OrleansLb.Frontend.Leases;

/// <summary>Takes what the ranges of one policy are told to the silos that hold them.</summary>
internal sealed class RangePost
{
    private readonly ConcurrentDictionary<int, SiloPost> _silos = new();

    /// <summary>Asks a range, together with others of its silo where that one is known and busy.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LimitReply?> Exchange(RangeLetter letter, LimitRequest content)
    {
        var silo = letter.Silo;
        // Until it is heard of again: a range that did not answer may be elsewhere by now.
        letter.Silo = 0;
        letter.Write(content);
        var reply = silo == 0 ? await letter.Send().Exchange(content) : await SiloOf(silo).Exchange(letter);
        letter.Silo = reply?.Silo ?? 0;
        return reply;
    }

    private SiloPost SiloOf(int silo) => _silos.GetOrAdd(silo, static _ => new SiloPost());
}
