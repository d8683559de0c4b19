namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>The loads of the scenario with kept connections.</summary>
internal static class KeepAliveLoads
{
    public const string Saturated = "saturated";
    public const string LowOfAll = "30 % of stock YARP's saturation";
    public const string HighOfAll = "70 % of stock YARP's saturation";
    public const string LowOfOwn = "30 % of its own saturation";
    public const string HighOfOwn = "70 % of its own saturation";

    public const double Low = 0.3;
    public const double High = 0.7;
}
