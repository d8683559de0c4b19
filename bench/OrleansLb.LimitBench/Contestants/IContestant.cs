namespace OrleansLb.LimitBench.Contestants;

/// <summary>Somebody who can be asked whether a request may go on.</summary>
internal interface IContestant
{
    string Name { get; }

    /// <summary>Asks for one request of one of some keys, none of which is near its limit. What the benchmark itself adds is pooled, so that the collector works for the contestants alone.</summary>
    /// <param name="key">Number of the key.</param>
    /// <returns>Whether it may go on.</returns>
    ValueTask<bool> Decide(int key);
}
