using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.Draining;

public sealed class InFlightExchangesTests
{
    [Fact]
    public void CutOff_EveryExchangeThatIsThere_IsAbortedOnceAndNoOther()
    {
        var exchanges = new InFlightExchanges();
        var all = Enumerable.Range(0, 1000).Select(static _ => new Exchange()).ToArray();
        var places = all.Select(exchange => exchanges.Enter(exchange.Context)).ToArray();
        for (var i = 0; i < all.Length; i += 2)
            exchanges.Leave(places[i]);

        Assert.Equal(500, exchanges.CutOff());
        Assert.Equal(0, exchanges.CutOff());

        Assert.All(all, (exchange, index) => Assert.Equal(index % 2, exchange.Aborts));
        for (var i = 1; i < all.Length; i += 2)
            exchanges.Leave(places[i]);
        var next = new Exchange();
        exchanges.Enter(next.Context);
        Assert.Equal(1, exchanges.CutOff());
        Assert.Equal(1, next.Aborts);
    }

    [Fact]
    public void CutOff_AnExchangeThatEndsWithinItsOwnAbort_Leaves()
    {
        var exchanges = new InFlightExchanges();
        var exchange = new Exchange();
        var place = exchanges.Enter(exchange.Context);
        exchange.Aborted = () => exchanges.Leave(place);
        Assert.Equal(1, exchanges.CutOff());
        Assert.Equal(0, exchanges.CutOff());
    }

    [Fact]
    public async Task CutOff_WhileExchangesComeAndGo_NeverAbortsOneThatHasLeft()
    {
        var exchanges = new InFlightExchanges();
        using var stop = new CancellationTokenSource();
        var cutting = Task.Run(
            () =>
            {
                var cut = 0;
                while (!stop.IsCancellationRequested)
                    cut += exchanges.CutOff();
                return cut;
            },
            TestContext.Current.CancellationToken);
        var aborted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                // As a server does: one context serves one request after the other.
                var exchange = new Exchange();
                for (var i = 0; i < 50_000; i++)
                {
                    exchange.IsThere = true;
                    var place = exchanges.Enter(exchange.Context);
                    if (i % 3 == 0)
                        Thread.Yield();
                    exchanges.Leave(place);
                    exchange.IsThere = false;
                }

                Assert.Equal(0, exchange.Mistakes);
                return exchange.Aborts;
            },
            TestContext.Current.CancellationToken)));
        await stop.CancelAsync();

        Assert.Equal(await cutting, aborted.Sum());
        Assert.NotEqual(0, aborted.Sum());
        Assert.Equal(0, exchanges.CutOff());
    }

    [Fact]
    public void EnterAndLeave_OnceThereIsRoom_AllocateNothing()
    {
        var exchanges = new InFlightExchanges();
        var contexts = Enumerable.Range(0, 100).Select(static _ => new Exchange().Context).ToArray();
        var places = new InFlightExchanges.Place[contexts.Length];
        void Once()
        {
            for (var i = 0; i < contexts.Length; i++)
                places[i] = exchanges.Enter(contexts[i]);
            foreach (var place in places)
                exchanges.Leave(place);
        }

        for (var i = 0; i < 1000; i++)
            Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Once();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    private sealed class Exchange : IHttpRequestLifetimeFeature
    {
        private int _aborts;

        public Exchange()
        {
            Context = new DefaultHttpContext();
            Context.Features.Set<IHttpRequestLifetimeFeature>(this);
        }

        public HttpContext Context { get; }

        public int Aborts => Volatile.Read(ref _aborts);

        public volatile bool IsThere = true;

        public int Mistakes;

        public Action? Aborted { get; set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort()
        {
            if (!IsThere)
                Interlocked.Increment(ref Mistakes);
            Interlocked.Increment(ref _aborts);
            Aborted?.Invoke();
        }
    }
}
