namespace OrleansLb.Grains.Sessions;

/// <summary>Where the numbers of an activation begin.</summary>
internal static class SessionEpochs
{
    /// <summary>Bits below the clock's: an activation gives a million numbers a millisecond before it meets those of one that begins later.</summary>
    private const int BitsPerMillisecond = 20;

    /// <summary>A number above those of activations before, unless clocks differ; what front-ends were told puts that right.</summary>
    public static long At(DateTimeOffset now) => now.ToUnixTimeMilliseconds() << BitsPerMillisecond;
}
