namespace OrleansLb.Core.Concurrency;

/// <summary>What one front-end asks of one backend's slots.</summary>
/// <param name="Need">Slots that requests are in or wait for.</param>
/// <param name="Extra">Slots beyond it that it used a short while ago.</param>
/// <param name="Turn">Where there is less than one slot for each: lower ones go first.</param>
public readonly record struct SlotDemand(int Need, int Extra, long Turn);
