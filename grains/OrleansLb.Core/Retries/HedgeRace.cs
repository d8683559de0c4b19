namespace OrleansLb.Core.Retries;

/// <summary>
/// Two attempts of one request, at two backends at once: which of them gives the answer. The first head of an answer wins, unless it is one that is not wanted while the other attempt may have a
/// better one; where none wins, the attempt that fails last stands. Whatever happens in whatever order, exactly one gives the answer. As hedging in gRPC (gRFC A6) with two attempts, whose fatal
/// statuses are here answers that are wanted.
/// </summary>
/// <remarks>Thread-safe, and nobody waits for anybody.</remarks>
public sealed class HedgeRace
{
    /// <summary>The attempt that is there from the beginning.</summary>
    public const int First = 0;

    /// <summary>The attempt that may join it.</summary>
    public const int Second = 1;

    private const int None = -1;
    private const int Runs = 1;
    private const int Gives = 4;
    private const int Wins = 16;
    private const int Joined = 64;

    private int _state = Runs << First;

    /// <summary>Whether the second attempt joined.</summary>
    public bool HasJoined => (Volatile.Read(ref _state) & Joined) != 0;

    /// <summary>The attempt that gives the answer, by a head or as the last that failed; -1 while that is open.</summary>
    public int Giving => Of(Gives);

    /// <summary>The attempt whose head won; -1 where none did.</summary>
    public int Winner => Of(Wins);

    /// <summary>Begins the second attempt; not once the first has an answer or has failed. Called once.</summary>
    /// <returns>Whether it takes part.</returns>
    public bool TryJoin()
    {
        while (true)
        {
            var seen = Volatile.Read(ref _state);
            if (IsDecided(seen))
                return false;
            if (TryTurn(seen, seen | Joined | (Runs << Second)))
                return true;
        }
    }

    /// <summary>The head of an attempt's answer is there.</summary>
    /// <param name="attempt"><see cref="First"/> or <see cref="Second"/>.</param>
    /// <param name="isWanted">Whether it is as good as any; if not, it gives way to an attempt that still runs.</param>
    /// <returns>Whether it is the answer of the request. If not, it is over for this attempt.</returns>
    public bool TryWin(int attempt, bool isWanted)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _state);
            if (IsDecided(seen))
                return false;
            var givesWay = !isWanted && IsRunning(seen, 1 - attempt);
            if (TryTurn(seen, givesWay ? seen & ~(Runs << attempt) : seen | (Gives << attempt) | (Wins << attempt)))
                return !givesWay;
        }
    }

    /// <summary>An attempt has ended, however it ended.</summary>
    /// <param name="attempt"><see cref="First"/> or <see cref="Second"/>.</param>
    /// <returns>Whether it was the last without a winner, so that what came of it is what came of the request.</returns>
    public bool End(int attempt)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _state);
            var stands = !IsDecided(seen) && !IsRunning(seen, 1 - attempt);
            var left = seen & ~(Runs << attempt);
            if (TryTurn(seen, stands ? left | (Gives << attempt) : left))
                return stands;
        }
    }

    private static bool IsDecided(int state) => (state & ((Gives << First) | (Gives << Second))) != 0;

    private static bool IsRunning(int state, int attempt) => (state & (Runs << attempt)) != 0;

    private int Of(int flag)
    {
        var state = Volatile.Read(ref _state);
        return (state & (flag << First)) != 0 ? First : (state & (flag << Second)) != 0 ? Second : None;
    }

    private bool TryTurn(int seen, int next) => Interlocked.CompareExchange(ref _state, next, seen) == seen;
}
