namespace OrleansLb.Frontend.Pools;

/// <summary>Where a slot writes its load: one reference, so that a slot changes its board in one step.</summary>
/// <param name="loads">The board.</param>
/// <param name="index">Place on it.</param>
internal sealed class LoadCell(double[] loads, int index)
{
    public void Write(double load) => Volatile.Write(ref loads[index], load);
}
