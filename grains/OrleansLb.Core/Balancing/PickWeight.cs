namespace OrleansLb.Core.Balancing;

/// <summary>
/// What a weight is worth to the pickers, so that no input makes one throw or divide by nothing: negative numbers and not-a-number are 0, what is outside
/// 2^-40 to 2^40 counts as the nearer end, and when all weights of a list are 0 they are all 1.
/// </summary>
public static class PickWeight
{
    private const double Least = 1.0 / (1L << 40);
    private const double Most = 1L << 40;

    /// <summary>The usable value of one weight: 0, or a number from 2^-40 to 2^40.</summary>
    /// <param name="weight">Any number.</param>
    public static double Of(double weight) => weight > 0 ? Math.Clamp(weight, Least, Most) : 0;

    /// <summary>The usable values of all weights of a list, as every picker takes them.</summary>
    /// <param name="weights">Any numbers.</param>
    /// <param name="usable">Receives them; at least as long. May be the same memory.</param>
    public static void Fill(ReadOnlySpan<double> weights, Span<double> usable)
    {
        var any = false;
        for (var i = 0; i < weights.Length; i++)
        {
            usable[i] = Of(weights[i]);
            any |= usable[i] > 0;
        }

        if (!any)
            usable[..weights.Length].Fill(1);
    }
}
