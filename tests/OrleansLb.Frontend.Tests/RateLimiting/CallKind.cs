namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>How ranges are asked.</summary>
internal enum CallKind
{
    /// <summary>One by itself, which may take its time.</summary>
    Patient,

    /// <summary>One by itself, which answers at once.</summary>
    AtOnce,

    /// <summary>Several together.</summary>
    Message,
}
