namespace OrleansLb.Reports;

/// <summary>Times in bins that are each half a percent wide, so that runs of any length take the same memory and can be added up.</summary>
public sealed class TimeHistogram
{
    private const double Least = 1e-3;
    private const int BinCount = 4096;
    private static readonly double Step = Math.Log(1.005);

    private readonly long[] _bins = new long[BinCount];
    private double _sum;

    /// <summary>Times recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Their exact mean; 0 when there is none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Records a time, in whatever unit all are in; what is below a thousandth of it counts as that.</summary>
    public void Add(double time)
    {
        Count++;
        _sum += time;
        _bins[time <= Least ? 0 : Math.Min(BinCount - 1, (int)(Math.Log(time / Least) / Step))]++;
    }

    /// <summary>Takes in what another has recorded.</summary>
    public void Add(TimeHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Count += other.Count;
        _sum += other._sum;
        for (var i = 0; i < BinCount; i++)
            _bins[i] += other._bins[i];
    }

    /// <summary>The time that a share of all is not above, within half a percent.</summary>
    /// <param name="share">0 to 1.</param>
    public double Quantile(double share)
    {
        var left = share * Count;
        for (var i = 0; i < BinCount; i++)
        {
            left -= _bins[i];
            if (left <= 0 && _bins[i] > 0)
                return Least * Math.Exp((i + 0.5) * Step);
        }

        return 0;
    }
}
