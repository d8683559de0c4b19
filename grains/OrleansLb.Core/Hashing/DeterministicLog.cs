namespace OrleansLb.Core.Hashing;

/// <summary>
/// A natural logarithm that is the same bit for bit on every process. <see cref="Math.Log(double)"/> is the C runtime's and may differ in
/// its last bit between platforms, which would let two front-ends disagree about a choice. Only additions, multiplications and one division of
/// IEEE doubles are used here; those are correctly rounded everywhere and the runtime never fuses them.
/// </summary>
internal static class DeterministicLog
{
    // 45 leading bits of ln 2 and the rest: an exponent of up to 8 bits times the first part is exact.
    private const double Ln2High = 0.693147180559890330187;
    private const double Ln2Low = 5.497923018708371174712e-14;
    private const double Sqrt2 = 1.4142135623730951;
    private const double TwoToMinus53 = 1.0 / (1L << 53);
    private const double BelowRounding = 1 - 1e-12;
    private const long MantissaMask = (1L << 52) - 1;
    private const long ExponentOfOne = 1023L << 52;

    /// <summary>-ln of the fraction (2 floor(hash / 4096) + 1) / 2^53, which lies strictly between 0 and 1.</summary>
    /// <param name="hash">Any value, its 64 bits uniformly distributed.</param>
    /// <returns>A positive number, relative error below 1e-14.</returns>
    internal static double NegativeLogOfFraction(ulong hash)
    {
        // 53 significant bits: exact in a double, so no rounding mode is involved.
        var bits = BitConverter.DoubleToInt64Bits((double)(long)((hash >> 12 << 1) | 1));
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & MantissaMask) | ExponentOfOne);
        if (mantissa > Sqrt2)
        {
            mantissa *= 0.5;
            exponent++;
        }

        double halvings = 53 - exponent;
        return (halvings * Ln2High) + ((halvings * Ln2Low) - LogNearOne(mantissa));
    }

    /// <summary>A number that <see cref="NegativeLogOfFraction"/> never falls below, without its cost: 1 - x for -ln x, less what rounding may take.</summary>
    /// <param name="hash">Any value.</param>
    internal static double LeastNegativeLogOfFraction(ulong hash) => (1 - ((double)(long)((hash >> 12 << 1) | 1) * TwoToMinus53)) * BelowRounding;

    // ln m = 2 artanh((m - 1) / (m + 1)); for m in [sqrt(1/2), sqrt 2] the eleventh term, z^10 / 21, is below the last bit.
    private static double LogNearOne(double mantissa)
    {
        var s = (mantissa - 1) / (mantissa + 1);
        var z = s * s;
        var series = 1.0 / 19;
        series = (series * z) + (1.0 / 17);
        series = (series * z) + (1.0 / 15);
        series = (series * z) + (1.0 / 13);
        series = (series * z) + (1.0 / 11);
        series = (series * z) + (1.0 / 9);
        series = (series * z) + (1.0 / 7);
        series = (series * z) + (1.0 / 5);
        series = (series * z) + (1.0 / 3);
        return 2 * (s + (s * z * series));
    }
}
