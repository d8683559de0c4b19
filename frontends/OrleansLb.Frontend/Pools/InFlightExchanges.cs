using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Pools;

/// <summary>
/// The exchanges that this front-end has in flight at one backend, so that they can be cut off. Entering and leaving take no lock, and
/// allocate nothing once there is room for as many as are in flight together.
/// </summary>
public sealed class InFlightExchanges
{
    private const int SmallestTable = 16;

    // A table where so many places in a row are taken is about three quarters full.
    private const int Attempts = 16;

    // Stands in a place whose exchange is being cut off in this moment, and after that until the exchange has left.
    private static readonly object Cutting = new();
    private static readonly object Cut = new();

    [ThreadStatic]
    private static uint _nextPlace;

    private readonly Lock _cutter = new();
    private int _cutterThread;
    private Table? _newest;

    /// <summary>Notes that an exchange begins.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <returns>Its place, which it must leave when it ends.</returns>
    public Place Enter(HttpContext exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        while (true)
        {
            var table = Volatile.Read(ref _newest);
            if (table is not null)
            {
                // Spread over the table, so that threads do not meet at its beginning.
                var start = _nextPlace += 0x9E3779B9;
                for (var i = 0u; i < Attempts; i++)
                {
                    var index = (int)((start + i) & (uint)(table.Places.Length - 1));
                    if (Volatile.Read(ref table.Places[index]) is null && Interlocked.CompareExchange(ref table.Places[index], exchange, null) is null)
                        return new Place(table.Places, index, exchange);
                }
            }

            // Those in the older tables leave them by and by; whoever loses this race uses the winner's table.
            Interlocked.CompareExchange(ref _newest, new Table(table), table);
        }
    }

    /// <summary>Notes that an exchange ended. When this returns, nothing cuts it off any more: its context may serve another request.</summary>
    /// <param name="place">What <see cref="Enter"/> gave.</param>
    /// <returns>Whether it was cut off.</returns>
    public bool Leave(in Place place)
    {
        ref var cell = ref place.Cells[place.Index];
        if (ReferenceEquals(Interlocked.CompareExchange(ref cell, null, place.Exchange), place.Exchange))
            return false;

        // An exchange that ends within its own cutting off, on the same thread, has nothing more to fear from it.
        var wait = default(SpinWait);
        while (ReferenceEquals(Volatile.Read(ref cell), Cutting) && Volatile.Read(ref _cutterThread) != Environment.CurrentManagedThreadId)
            wait.SpinOnce();
        Volatile.Write(ref cell, null);
        return true;
    }

    /// <summary>Aborts every exchange that is in flight.</summary>
    /// <returns>How many were aborted; one that was aborted before and has not ended yet is not counted again.</returns>
    public int CutOff()
    {
        lock (_cutter)
        {
            Volatile.Write(ref _cutterThread, Environment.CurrentManagedThreadId);
            var cut = 0;
            for (var table = Volatile.Read(ref _newest); table is not null; table = table.Older)
            {
                for (var i = 0; i < table.Places.Length; i++)
                {
                    if (TryCut(ref table.Places[i]))
                        cut++;
                }
            }

            Volatile.Write(ref _cutterThread, 0);
            return cut;
        }
    }

    private static bool TryCut(ref object? cell)
    {
        if (Volatile.Read(ref cell) is not HttpContext exchange || !ReferenceEquals(Interlocked.CompareExchange(ref cell, Cutting, exchange), exchange))
            return false;
        exchange.Abort();
        // Not when the exchange has left meanwhile: somebody else may have the place by now.
        Interlocked.CompareExchange(ref cell, Cut, Cutting);
        return true;
    }

    /// <summary>Where an exchange is noted.</summary>
    public readonly struct Place
    {
        internal Place(object?[] cells, int index, HttpContext exchange) => (Cells, Index, Exchange) = (cells, index, exchange);

        internal object?[] Cells { get; }

        internal int Index { get; }

        internal HttpContext Exchange { get; }
    }

    private sealed class Table(Table? older)
    {
        public object?[] Places { get; } = new object?[older is null ? SmallestTable : older.Places.Length * 2];

        public Table? Older { get; } = older;
    }
}
